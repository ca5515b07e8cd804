//! Invitations that nobody has accepted yet; the link's token is known by its hash alone.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use app::types::email::EmailAddress;
use app::types::ids::{AccountId, InvitationId, UserId};
use app::types::name::Name;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::invitation::{ActiveModel, Column, Entity, Model};
use super::entity::{account, membership};
use super::memberships::{bits, roles};
use domain::roles::Roles;

/// An invitation that nobody has accepted yet.
pub struct Invitation {
    /// Which one.
    pub id: InvitationId,
    /// To which account.
    pub account: AccountId,
    /// The canonical address it is for.
    pub email: String,
    /// The first name that was given.
    pub name: String,
    /// The roles offered.
    pub roles: Roles,
    /// Who invites, by name.
    pub invited_by: String,
    /// Which user that is; none where a server wrote it that did not note it.
    pub sender: Option<UserId>,
    /// When its link is over.
    pub expires_at: Timestamp,
    /// Whether its link was shown to be handed over; of an invitation that is found by a link, whether it is that one.
    pub is_handed_over: bool,
}

/// What an invitation becomes whose link is handed over.
pub struct HandedOver<'a> {
    /// The hash of the token that is shown.
    pub token_hash: &'a [u8],
    /// The hash that takes the place of the mailed token's.
    pub mailed_hash: &'a [u8],
    /// Who hands it over.
    pub sender: Sender<'a>,
    /// When the link is over.
    pub expires_at: Timestamp,
}

/// What a new invitation is made of.
pub struct NewInvitationRow<'a> {
    /// Which one.
    pub id: InvitationId,
    /// To which account.
    pub account: AccountId,
    /// The hash of the link's token.
    pub token_hash: &'a [u8],
    /// The address it is for.
    pub email: &'a EmailAddress,
    /// The first name that was given.
    pub name: &'a Name,
    /// The roles offered.
    pub roles: Roles,
    /// Who invites.
    pub sender: Sender<'a>,
    /// When its link is over.
    pub expires_at: Timestamp,
}

/// Who sends an invitation.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    /// Which user.
    pub id: UserId,
    /// Their name now.
    pub name: &'a str,
}

impl From<Model> for Invitation {
    fn from(row: Model) -> Self {
        Self {
            id: InvitationId::new(row.id),
            account: AccountId::new(row.account_id),
            email: row.email,
            name: row.name,
            roles: roles(row.roles),
            invited_by: row.invited_by,
            sender: row.invited_by_id.map(UserId::new),
            expires_at: Timestamp(row.expires_at),
            is_handed_over: row.handed_hash.is_some(),
        }
    }
}

/// Keeps an invitation; an earlier one to the account for the address is gone, and its link with it.
pub async fn replace_invitation(
    db: &impl ConnectionTrait,
    invitation: NewInvitationRow<'_>,
) -> Stored<()> {
    Entity::delete_many()
        .filter(Column::AccountId.eq(invitation.account.uuid()))
        .filter(Column::Email.eq(invitation.email.as_str()))
        .exec(db)
        .await?;
    let row = ActiveModel {
        id: Set(invitation.id.uuid()),
        account_id: Set(invitation.account.uuid()),
        token_hash: Set(invitation.token_hash.to_vec()),
        email: Set(invitation.email.as_str().to_owned()),
        name: Set(invitation.name.as_str().to_owned()),
        roles: Set(bits(invitation.roles)),
        invited_by: Set(invitation.sender.name.to_owned()),
        invited_by_id: Set(Some(invitation.sender.id.uuid())),
        expires_at: Set(invitation.expires_at.seconds()),
        handed_hash: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The invitations of an account, the newest first, over or not.
pub async fn invitations_of(
    db: &impl ConnectionTrait,
    account: AccountId,
    most: u64,
) -> Stored<Vec<Invitation>> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account.uuid()))
        .order_by_desc(Column::Id)
        .limit(most)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Invitation::from).collect())
}

/// How many invitations of an account can still be accepted.
pub async fn count_open_invitations(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: Timestamp,
) -> Stored<u64> {
    let open = Entity::find()
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::ExpiresAt.gt(now.seconds()));
    Ok(open.count(db).await?)
}

/// An invitation of an account, over or not.
pub async fn find_invitation(
    db: &impl ConnectionTrait,
    account: AccountId,
    id: InvitationId,
) -> Stored<Option<Invitation>> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::AccountId.eq(account.uuid()))
        .one(db)
        .await?;
    Ok(row.map(Invitation::from))
}

/// The invitation of a link that is good now, with the name of its account.
pub async fn find_invitation_by_token(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<Option<(Invitation, String)>> {
    let row = Entity::find()
        .filter(is_of(token_hash))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .find_also_related(account::Entity)
        .one(db)
        .await?;
    Ok(row.and_then(|(row, account)| {
        let is_handed_over = row.handed_hash.as_deref() == Some(token_hash);
        let invitation = Invitation {
            is_handed_over,
            ..row.into()
        };
        Some((invitation, account?.name))
    }))
}

/// By the mailed link, or by the one that was handed over.
fn is_of(token_hash: &[u8]) -> Condition {
    Condition::any()
        .add(Column::TokenHash.eq(token_hash))
        .add(Column::HandedHash.eq(token_hash))
}

/// The invitations that a user has sent and that can still be accepted, of one account or of all.
pub async fn find_open_invitations_of(
    db: &impl ConnectionTrait,
    sender: UserId,
    account: Option<AccountId>,
    now: Timestamp,
) -> Stored<Vec<Invitation>> {
    let mut query = Entity::find()
        .filter(Column::InvitedById.eq(sender.uuid()))
        .filter(Column::ExpiresAt.gt(now.seconds()));
    if let Some(account) = account {
        query = query.filter(Column::AccountId.eq(account.uuid()));
    }
    let rows = query.order_by_asc(Column::Id).all(db).await?;
    Ok(rows.into_iter().map(Invitation::from).collect())
}

/// The invitations for an address to accounts that a user belongs to, over or not.
pub async fn find_invitations_of_member(
    db: &impl ConnectionTrait,
    email: &EmailAddress,
    member: UserId,
) -> Stored<Vec<Invitation>> {
    let theirs = Query::select()
        .column(membership::Column::AccountId)
        .from(membership::Entity)
        .and_where(membership::Column::UserId.eq(member.uuid()))
        .to_owned();
    let rows = Entity::find()
        .filter(Column::AccountId.in_subquery(theirs))
        .filter(Column::Email.eq(email.as_str()))
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Invitation::from).collect())
}

/// How many invitations to an account that can still be accepted each of these users has sent; who has sent none is not
/// among them.
pub async fn count_open_invitations_by_sender(
    db: &impl ConnectionTrait,
    account: AccountId,
    senders: &[UserId],
    now: Timestamp,
) -> Stored<Vec<(UserId, u64)>> {
    let senders = senders.iter().map(|sender| sender.uuid());
    let rows: Vec<(uuid::Uuid, i64)> = Entity::find()
        .select_only()
        .column(Column::InvitedById)
        .column_as(Column::Id.count(), "sent")
        .filter(Column::InvitedById.is_in(senders))
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .group_by(Column::InvitedById)
        .into_tuple()
        .all(db)
        .await?;
    let counted = |(id, sent)| (UserId::new(id), u64::try_from(sent).unwrap_or_default());
    Ok(rows.into_iter().map(counted).collect())
}

/// Gives an invitation a new link and the sender who sent it again; the old link is dead. True when it was still there.
pub async fn renew_invitation(
    db: &impl ConnectionTrait,
    id: InvitationId,
    token_hash: &[u8],
    sender: Sender<'_>,
    expires_at: Timestamp,
) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::TokenHash, Expr::value(token_hash.to_vec()))
        .col_expr(Column::HandedHash, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at.seconds()))
        .col_expr(Column::InvitedBy, Expr::value(sender.name))
        .col_expr(Column::InvitedById, Expr::value(Some(sender.id.uuid())))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives an invitation a link that is shown, in place of the ones before, and the sender who hands it over. True when it was
/// still there.
pub async fn hand_over_invitation(
    db: &impl ConnectionTrait,
    id: InvitationId,
    handed: HandedOver<'_>,
) -> Stored<bool> {
    let (by, until) = (handed.sender, handed.expires_at.seconds());
    let done = Entity::update_many()
        .col_expr(Column::TokenHash, Expr::value(handed.mailed_hash.to_vec()))
        .col_expr(
            Column::HandedHash,
            Expr::value(Some(handed.token_hash.to_vec())),
        )
        .col_expr(Column::ExpiresAt, Expr::value(until))
        .col_expr(Column::InvitedBy, Expr::value(by.name))
        .col_expr(Column::InvitedById, Expr::value(Some(by.id.uuid())))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Revokes an invitation: true when it was still there.
pub async fn delete_invitation(db: &impl ConnectionTrait, id: InvitationId) -> Stored<bool> {
    let done = Entity::delete_by_id(id.uuid()).exec(db).await?;
    Ok(done.rows_affected == 1)
}

/// Spends the link of an invitation: true for the one who came first, in time.
pub async fn spend_invitation(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<bool> {
    let done = Entity::delete_many()
        .filter(is_of(token_hash))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends the links of an invitation that can still be accepted, and leaves it to be seen: true when it could.
pub async fn end_invitation(
    db: &impl ConnectionTrait,
    id: InvitationId,
    nobodys_hash: &[u8],
    now: Timestamp,
) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::TokenHash, Expr::value(nobodys_hash.to_vec()))
        .col_expr(Column::HandedHash, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(Column::ExpiresAt, Expr::value(now.seconds()))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Revokes these invitations: how many of them were still there.
pub async fn delete_invitations(db: &impl ConnectionTrait, ids: &[InvitationId]) -> Stored<u64> {
    let ids = ids.iter().map(|id| id.uuid());
    let done = Entity::delete_many()
        .filter(Column::Id.is_in(ids))
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}

//! Invitations that nobody has accepted yet; the link's token is known by its hash alone.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use app::types::email::EmailAddress;
use app::types::ids::{AccountId, InvitationId};
use app::types::name::Name;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::account;
use super::entity::invitation::{ActiveModel, Column, Entity, Model};
use super::memberships::{bits, roles};
use crate::domain::roles::Roles;

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
    /// When its link is over.
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
    /// Who invites, by name.
    pub invited_by: &'a str,
    /// When its link is over.
    pub expires_at: Timestamp,
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
            expires_at: Timestamp(row.expires_at),
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
        invited_by: Set(invitation.invited_by.to_owned()),
        expires_at: Set(invitation.expires_at.seconds()),
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
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .find_also_related(account::Entity)
        .one(db)
        .await?;
    Ok(row.and_then(|(invitation, account)| Some((invitation.into(), account?.name))))
}

/// Gives an invitation a new link; the old one is dead. True when it was still there.
pub async fn renew_invitation(
    db: &impl ConnectionTrait,
    id: InvitationId,
    token_hash: &[u8],
    expires_at: Timestamp,
) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::TokenHash, Expr::value(token_hash.to_vec()))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at.seconds()))
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
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

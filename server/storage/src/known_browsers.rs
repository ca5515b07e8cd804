//! Known browsers: those that a user has signed in with. They give no access. A known one is not throttled by the failures of
//! strangers, and a sign-in from another one is mailed.

use std::fmt;

use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait as _,
};

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::known_browser::{ActiveModel, Column, Entity};
use super::entity::user;
use super::own_counts::{find_own_count, is_proven_since};
use domain::known_browsers::{Remembered, free_second, room_for};

/// A browser of a user, for what is counted of it: by the user and the second in which it was first seen, which no other
/// token changes and no two browsers of a user share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrowserKey {
    user: UserId,
    first_seen_at: Timestamp,
}

impl fmt::Display for BrowserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.user, self.first_seen_at.seconds())
    }
}

/// A browser that is known to a user, as it was found by a token that it presented.
#[derive(Clone, Copy)]
pub struct KnownTo {
    /// The hash of that token.
    pub token_hash: [u8; 32],
    /// By what it is counted.
    pub key: BrowserKey,
}

/// The browser that is known to a user by one of these tokens; of more than one, the one seen last.
pub async fn find_known_browser(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hashes: &[[u8; 32]],
) -> Stored<Option<KnownTo>> {
    let presented = token_hashes.iter().map(|hash| hash.to_vec());
    let row = Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::TokenHash.is_in(presented))
        .order_by_desc(Column::LastSeenAt)
        .order_by_desc(Column::FirstSeenAt)
        .one(db)
        .await?;
    Ok(row.and_then(|row| {
        Some(KnownTo {
            token_hash: row.token_hash.try_into().ok()?,
            key: BrowserKey {
                user,
                first_seen_at: Timestamp(row.first_seen_at),
            },
        })
    }))
}

/// The browsers that are known to a user.
pub async fn browsers_of(db: &impl ConnectionTrait, user: UserId) -> Stored<Vec<BrowserKey>> {
    let seen: Vec<i64> = Entity::find()
        .select_only()
        .column(Column::FirstSeenAt)
        .filter(Column::UserId.eq(user.uuid()))
        .into_tuple()
        .all(db)
        .await?;
    let key = |seen| BrowserKey {
        user,
        first_seen_at: Timestamp(seen),
    };
    Ok(seen.into_iter().map(key).collect())
}

/// Those of these tokens by which a browser is known to anybody.
pub async fn tokens_in_use(
    db: &impl ConnectionTrait,
    token_hashes: &[[u8; 32]],
) -> Stored<Vec<Vec<u8>>> {
    let presented = token_hashes.iter().map(|hash| hash.to_vec());
    let hashes = Entity::find()
        .select_only()
        .column(Column::TokenHash)
        .filter(Column::TokenHash.is_in(presented))
        .into_tuple();
    Ok(hashes.all(db).await?)
}

/// Gives a browser of a user another token: the old one is worth nothing at them from then on. What others are known by
/// stays as it is.
pub async fn renew_known_browser(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    new_hash: &[u8],
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::TokenHash, Expr::value(new_hash.to_vec()))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .exec(db)
        .await?;
    Ok(())
}

/// What a known browser said it is, and the address that it was seen at.
#[derive(Clone, Copy)]
pub struct SeenAs<'a> {
    /// The address.
    pub address: &'a str,
    /// The browser.
    pub browser: &'a str,
}

/// A browser that a user has signed in with.
pub struct KnownRow {
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// When it was last seen.
    pub last_seen_at: Timestamp,
    /// Where it was last seen; empty when that was before it was noted.
    pub address: String,
    /// What it said it is; empty as above.
    pub browser: String,
}

/// The browsers that a user has signed in with, the one seen last first.
pub async fn known_browsers_of(
    db: &impl ConnectionTrait,
    user: UserId,
    most: usize,
) -> Stored<Vec<KnownRow>> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .order_by_desc(Column::LastSeenAt)
        .order_by_desc(Column::FirstSeenAt)
        .limit(u64::try_from(most).ok())
        .all(db)
        .await?;
    let known = rows.into_iter().map(|row| KnownRow {
        token_hash: row.token_hash,
        first_seen_at: Timestamp(row.first_seen_at),
        last_seen_at: Timestamp(row.last_seen_at),
        address: row.address,
        browser: row.browser,
    });
    Ok(known.collect())
}

/// Notes a sign-in with a browser that is known: true when it was.
pub async fn touch_known_browser(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    seen: SeenAs<'_>,
    now: Timestamp,
) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::LastSeenAt, Expr::value(now.seconds()))
        .col_expr(Column::Address, Expr::value(seen.address))
        .col_expr(Column::Browser, Expr::value(seen.browser))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Notes that the mailbox of a user was proven in a browser that is known to them.
pub async fn note_mailbox_proven(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::MailboxProvenAt, Expr::value(now.seconds()))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .exec(db)
        .await?;
    Ok(())
}

/// Whether a browser has proven the mailbox that its user has now: a proof of an earlier address is none.
pub async fn has_proven_mailbox(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
) -> Stored<bool> {
    let address_since = user::Entity::find()
        .select_only()
        .column(user::Column::EmailVerifiedAt)
        .filter(user::Column::Id.eq(user.uuid()))
        .into_query();
    let row = Entity::find_by_id((user.uuid(), token_hash.to_vec()))
        .filter(
            Expr::col(Column::MailboxProvenAt)
                .gte(SimpleExpr::SubQuery(None, Box::new(address_since.into()))),
        )
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// What a known browser has shown of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownAs {
    /// When it was first seen.
    pub since: Timestamp,
    /// Whether a second factor of its user or the mailbox that they have now was ever proven in it.
    pub is_proven: bool,
}

/// What a browser is known as to a user, if it is.
pub async fn known_as(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8; 32],
) -> Stored<Option<KnownAs>> {
    let Some(since) = known_since(db, user, token_hash).await? else {
        return Ok(None);
    };
    let ever = Timestamp(i64::MIN);
    let is_proven = find_own_count(db, user, token_hash, ever).await?.is_some();
    Ok(Some(KnownAs { since, is_proven }))
}

/// Since when a browser has been known to a user, if it is.
pub async fn known_since(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
) -> Stored<Option<Timestamp>> {
    let row = Entity::find_by_id((user.uuid(), token_hash.to_vec()))
        .one(db)
        .await?;
    Ok(row.map(|row| Timestamp(row.first_seen_at)))
}

/// A browser that is to be known.
#[derive(Clone, Copy)]
pub struct NewKnown<'a> {
    /// The hash of its token.
    pub token_hash: &'a [u8],
    /// What is seen of it.
    pub seen: SeenAs<'a>,
    /// Whether a second factor or the mailbox is proven in it now. The caller notes that afterwards.
    pub is_proven: bool,
}

/// The known browsers of a user, as far as it matters to which are kept, each with the hash of its token.
pub async fn remembered_of(
    db: &impl ConnectionTrait,
    user: UserId,
) -> Stored<Vec<(Vec<u8>, Remembered)>> {
    let ever = Timestamp(i64::MIN);
    let rows: Vec<(Vec<u8>, i64, i64, bool)> = Entity::find()
        .select_only()
        .column(Column::TokenHash)
        .column(Column::FirstSeenAt)
        .column(Column::LastSeenAt)
        .expr_as(is_proven_since(user, ever), "is_proven")
        .filter(Column::UserId.eq(user.uuid()))
        .into_tuple()
        .all(db)
        .await?;
    let remembered = rows.into_iter().map(|(hash, first, last, is_proven)| {
        let row = Remembered {
            first_seen_at: Timestamp(first),
            last_seen_at: Timestamp(last),
            is_proven,
        };
        (hash, row)
    });
    Ok(remembered.collect())
}

/// Makes a browser known to a user, of whose browsers `most` are kept (`domain/known_browsers.rs` says which): true when it
/// is their first. The caller has locked the user.
pub async fn insert_known_browser(
    db: &impl ConnectionTrait,
    user: UserId,
    new: NewKnown<'_>,
    (now, most): (Timestamp, usize),
) -> Stored<bool> {
    let (hashes, known): (Vec<_>, Vec<_>) = remembered_of(db, user).await?.into_iter().unzip();
    let room = room_for(&known, new.is_proven, most, now);
    for place in room.forgotten {
        Entity::delete_by_id((user.uuid(), hashes[place].clone()))
            .exec(db)
            .await?;
    }
    if !room.is_kept {
        return Ok(false);
    }
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        token_hash: Set(new.token_hash.to_vec()),
        first_seen_at: Set(free_second(&known, now).seconds()),
        last_seen_at: Set(now.seconds()),
        address: Set(new.seen.address.to_owned()),
        browser: Set(new.seen.browser.to_owned()),
        mailbox_proven_at: Set(None),
        factor_proven_at: Set(None),
        factor_failures: Set(0),
        factor_tried_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(known.is_empty())
}

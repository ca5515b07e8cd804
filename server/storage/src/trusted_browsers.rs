//! Browsers that skip the second factor, by the hash of their token.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use app::types::ids::{TrustedBrowserId, UserId};
use app::types::sessions::TrustedBrowser;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::trusted_browser::{ActiveModel, Column, Entity};
use super::entity::{account, membership};

/// A browser that is to be trusted.
pub struct NewTrustedBrowser<'a> {
    /// Its name on the Security page.
    pub id: TrustedBrowserId,
    /// The hash of its token.
    pub token_hash: &'a [u8],
    /// Whose second factor it skips.
    pub user: UserId,
    /// Of the password and the factors that it was trusted with.
    pub fingerprint: &'a [u8],
    /// From when to when.
    pub life: (Timestamp, Timestamp),
    /// The address it came from.
    pub address: &'a str,
    /// What it said it is.
    pub browser: &'a str,
}

/// Trusts a browser.
pub async fn insert_trusted_browser(
    db: &impl ConnectionTrait,
    browser: NewTrustedBrowser<'_>,
) -> Stored<()> {
    let row = ActiveModel {
        token_hash: Set(browser.token_hash.to_vec()),
        id: Set(browser.id.uuid()),
        user_id: Set(browser.user.uuid()),
        fingerprint: Set(browser.fingerprint.to_vec()),
        created_at: Set(browser.life.0.seconds()),
        expires_at: Set(browser.life.1.seconds()),
        address: Set(browser.address.to_owned()),
        browser: Set(browser.browser.to_owned()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Which trusted browser a token is of, for a user whose password and factors have one of these fingerprints.
pub async fn find_trusted_browser(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    fingerprints: &[[u8; 32]],
    now: Timestamp,
) -> Stored<Option<TrustedBrowserId>> {
    let row = Entity::find_by_id(token_hash.to_vec())
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::Fingerprint.is_in(fingerprints.iter().map(|one| one.to_vec())))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .one(db)
        .await?;
    Ok(row.map(|row| TrustedBrowserId::new(row.id)))
}

/// Whether no account of a user forbids trusted browsers.
pub async fn may_trust_browsers(db: &impl ConnectionTrait, user: UserId) -> Stored<bool> {
    let forbids = membership::Entity::find()
        .inner_join(account::Entity)
        .filter(membership::Column::UserId.eq(user.uuid()))
        .filter(account::Column::TrustedBrowsersAllowed.eq(false))
        .one(db)
        .await?;
    Ok(forbids.is_none())
}

/// Replaces the fingerprint of the trusted browsers of a user, because the same password was hashed again.
pub async fn replace_fingerprint(
    db: &impl ConnectionTrait,
    user: UserId,
    from: &[u8],
    to: &[u8],
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::Fingerprint, Expr::value(to.to_vec()))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::Fingerprint.eq(from.to_vec()))
        .exec(db)
        .await?;
    Ok(())
}

/// The next users after one who have trusted browsers, in the order of their ids.
pub async fn users_with_trusted_browsers(
    db: &impl ConnectionTrait,
    after: Option<UserId>,
    most: u64,
) -> Stored<Vec<UserId>> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::UserId)
        .distinct()
        .filter(Column::UserId.gt(after.map_or(Uuid::nil(), UserId::uuid)))
        .order_by_asc(Column::UserId)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(UserId::new).collect())
}

/// The trusted browsers of a user, the newest first.
pub async fn trusted_browsers_of(
    db: &impl ConnectionTrait,
    user: UserId,
    now: Timestamp,
) -> Stored<Vec<TrustedBrowser>> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .all(db)
        .await?;
    let shown = rows.into_iter().map(|row| TrustedBrowser {
        id: TrustedBrowserId::new(row.id),
        browser: row.browser,
        address: row.address,
        since: Timestamp(row.created_at),
        until: Timestamp(row.expires_at),
    });
    Ok(shown.collect())
}

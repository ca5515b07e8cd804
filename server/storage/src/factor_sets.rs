//! Tags over the second factors of users: one row for each user, also for those without a factor.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use app::types::ids::UserId;

use super::Stored;
use super::entity::factor_set::{ActiveModel, Column, Entity, Model};
use super::entity::user;

/// The tag over the factors of a user, as the row has it.
pub struct FactorSet {
    /// Renewed with each change of a factor.
    pub stamp: Vec<u8>,
    /// HMAC-SHA256 over user, stamp and factors.
    pub tag: Vec<u8>,
    /// The key that the tag was made with.
    pub key_id: String,
}

/// The tag of a user, where there is one.
pub async fn find_factor_set(db: &impl ConnectionTrait, user: UserId) -> Stored<Option<FactorSet>> {
    let row = Entity::find_by_id(user.uuid()).one(db).await?;
    Ok(row.map(FactorSet::from))
}

impl From<Model> for FactorSet {
    fn from(row: Model) -> Self {
        Self {
            stamp: row.stamp,
            tag: row.tag,
            key_id: row.key_id,
        }
    }
}

/// The tags of several users, of whom those without one are left out.
pub async fn find_factor_sets_of(
    db: &impl ConnectionTrait,
    users: &[UserId],
) -> Stored<HashMap<UserId, FactorSet>> {
    let rows = Entity::find().filter(Column::UserId.is_in(users.iter().map(|user| user.uuid())));
    let rows = rows.all(db).await?.into_iter();
    Ok(rows
        .map(|row| (UserId::new(row.user_id), FactorSet::from(row)))
        .collect())
}

/// Writes the tag of a user, in place of an earlier one.
pub async fn upsert_factor_set(
    db: &impl ConnectionTrait,
    user: UserId,
    set: FactorSet,
) -> Stored<()> {
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        stamp: Set(set.stamp),
        tag: Set(set.tag),
        key_id: Set(set.key_id),
    };
    let over = OnConflict::column(Column::UserId)
        .update_columns([Column::Stamp, Column::Tag, Column::KeyId])
        .to_owned();
    Entity::insert(row)
        .on_conflict(over)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// A walk over the users without a tag, in the order of their ids, a page at a time.
#[derive(Debug, Default)]
pub struct WithoutFactorSet {
    after: Option<UserId>,
}

impl WithoutFactorSet {
    /// The next of them, at most so many; none at the end.
    pub async fn next(
        &mut self,
        db: &impl ConnectionTrait,
        most: u64,
    ) -> Stored<Option<Vec<UserId>>> {
        let users = users_without_factor_set(db, self.after, most).await?;
        self.after = users.last().copied().or(self.after);
        Ok((!users.is_empty()).then_some(users))
    }
}

/// Whether any user is without a tag.
pub async fn is_any_without_factor_set(db: &impl ConnectionTrait) -> Stored<bool> {
    Ok(!users_without_factor_set(db, None, 1).await?.is_empty())
}

async fn users_without_factor_set(
    db: &impl ConnectionTrait,
    after: Option<UserId>,
    most: u64,
) -> Stored<Vec<UserId>> {
    let after = after.map_or(uuid::Uuid::nil(), UserId::uuid);
    let theirs = Query::select()
        .expr(Expr::value(1))
        .from(Entity)
        .and_where(
            Expr::col((Entity, Column::UserId)).eq(Expr::col((user::Entity, user::Column::Id))),
        )
        .to_owned();
    let ids: Vec<uuid::Uuid> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Id.gt(after))
        .filter(Expr::exists(theirs).not())
        .order_by_asc(user::Column::Id)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(UserId::new).collect())
}

//! Addresses of users whose mail server refused the last letter for good; a letter that it takes forgets the refusal.

use std::collections::HashSet;

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};

use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::refused_mailbox::{ActiveModel, Column, Entity};
use super::entity::user;

/// Notes that a letter was refused. Only addresses of users are kept, so that strangers' sign-ups fill no table.
pub async fn note_refused_mailbox(
    db: &impl ConnectionTrait,
    email: &str,
    now: Timestamp,
) -> Stored<()> {
    let users = user::Entity::find().filter(user::Column::Email.eq(email));
    if users.count(db).await? == 0 {
        return Ok(());
    }
    let row = ActiveModel {
        email: Set(email.to_owned()),
        refused_at: Set(now.seconds()),
    };
    let again = OnConflict::column(Column::Email)
        .update_column(Column::RefusedAt)
        .to_owned();
    Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Forgets a refusal.
pub async fn forget_refused_mailbox(db: &impl ConnectionTrait, email: &str) -> Stored<()> {
    Entity::delete_by_id(email.to_owned()).exec(db).await?;
    Ok(())
}

/// Which of these addresses refused their last letter.
pub async fn find_refused_mailboxes(
    db: &impl ConnectionTrait,
    emails: impl IntoIterator<Item = &str>,
) -> Stored<HashSet<String>> {
    let rows = Entity::find()
        .filter(Column::Email.is_in(emails))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.email).collect())
}

//! Rank: which user has sent an invitation, and what was announced to whom today.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, create_index, create_table, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0017_rank"
    }
}

/// No foreign key: who is deleted leaves no invitation, and a server of the version before writes none.
const SENDER: &[Column] = &[Column::optional("invited_by_id", ColumnKind::Uuid)];

/// The day of a requirement that a user was last mailed, and how many mails since when.
const ANNOUNCED: &[Column] = &[
    Column::key("account_id", ColumnKind::Uuid).of("accounts"),
    Column::key("user_id", ColumnKind::Uuid).of("users"),
    Column::required("required_from", ColumnKind::BigInteger),
    Column::required("began_at", ColumnKind::BigInteger),
    Column::required("mails", ColumnKind::Integer),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "invitations", SENDER).await?;
        manager
            .create_index(create_index("invitations", &["invited_by_id"], false))
            .await?;
        // Who sent an invitation that waits is in the log.
        let backfill = "UPDATE invitations SET invited_by_id = (
            SELECT actor_id FROM audit_events
            WHERE audit_events.account_id = invitations.account_id
              AND audit_events.kind = 'invited'
              AND audit_events.details = invitations.email
            ORDER BY audit_events.id DESC LIMIT 1)";
        manager
            .get_connection()
            .execute_unprepared(backfill)
            .await?;
        manager
            .create_table(create_table("announced", ANNOUNCED))
            .await?;
        manager
            .create_index(create_index("announced", &["began_at"], false))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Alias::new("announced")).to_owned())
            .await?;
        let index = Index::drop()
            .name("invitations_invited_by_id")
            .table(Alias::new("invitations"))
            .to_owned();
        manager.drop_index(index).await?;
        drop_columns(manager, "invitations", SENDER).await
    }
}

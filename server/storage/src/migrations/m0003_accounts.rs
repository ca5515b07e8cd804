//! The account used last, and announcements: mails that are due to many users of an account.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, create_index, create_table, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_accounts"
    }
}

const MEMBERSHIPS: &[Column] = &[Column::optional("last_used_at", ColumnKind::BigInteger)];

const ANNOUNCEMENTS: &[Column] = &[
    Column::key("id", ColumnKind::Uuid),
    Column::required("account_id", ColumnKind::Uuid).of("accounts"),
    Column::required("kind", ColumnKind::Text),
    Column::required("due_at", ColumnKind::BigInteger),
    Column::optional("after_user", ColumnKind::Uuid),
];

const INDEXES: &[&[&str]] = &[&["due_at"], &["account_id"]];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "memberships", MEMBERSHIPS).await?;
        manager
            .create_table(create_table("announcements", ANNOUNCEMENTS))
            .await?;
        for columns in INDEXES {
            manager
                .create_index(create_index("announcements", columns, false))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Alias::new("announcements")).to_owned())
            .await?;
        drop_columns(manager, "memberships", MEMBERSHIPS).await
    }
}

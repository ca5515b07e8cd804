//! Accounts that were deleted and can still be brought back, with who belonged to them: in tables of their own, so that
//! nothing that asks for an account or its users finds them, a server of the version before neither. And what the users of
//! an account are still to be told about that.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, create_index, create_table};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0033_deleted_accounts"
    }
}

const TABLES: &[(&str, &[Column])] = &[
    // The row of `accounts` as it was; by whom and when it was deleted, and when it is erased.
    (
        "deleted_accounts",
        &[
            Column::key("id", ColumnKind::Uuid),
            Column::required("name", ColumnKind::Text),
            Column::required("created_at", ColumnKind::BigInteger),
            Column::required("owner_id", ColumnKind::Uuid),
            Column::optional("required_from", ColumnKind::BigInteger),
            Column::required("trusted_browsers_allowed", ColumnKind::Boolean),
            Column::required("sms_counts", ColumnKind::Boolean),
            Column::required("settings_version", ColumnKind::BigInteger),
            Column::optional("settings_changed_at", ColumnKind::BigInteger),
            Column::optional("settings_changed_by", ColumnKind::Uuid),
            Column::required("deleted_at", ColumnKind::BigInteger),
            // None where it was the operator.
            Column::optional("deleted_by", ColumnKind::Uuid),
            Column::required("deleted_by_name", ColumnKind::Text),
            Column::required("expires_at", ColumnKind::BigInteger),
        ],
    ),
    // The rows of `memberships` as they were, without the copies that the database keeps.
    (
        "deleted_memberships",
        &[
            Column::key("account_id", ColumnKind::Uuid).of("deleted_accounts"),
            Column::key("user_id", ColumnKind::Uuid).of("users"),
            Column::required("roles", ColumnKind::Integer),
            Column::required("joined_at", ColumnKind::BigInteger),
            Column::optional("last_used_at", ColumnKind::BigInteger),
            Column::optional("opens_at", ColumnKind::BigInteger),
        ],
    ),
    // One of an account: the newest, which takes the place of one that not everybody has been told yet.
    (
        "account_notices",
        &[
            Column::key("account_id", ColumnKind::Uuid),
            Column::required("kind", ColumnKind::Text),
            Column::required("due_at", ColumnKind::BigInteger),
            Column::optional("after_user", ColumnKind::Uuid),
            // Who did it, by name; none where it was the operator.
            Column::optional("by_name", ColumnKind::Text),
        ],
    ),
];

const INDEXES: &[(&str, &[&str])] = &[
    ("deleted_accounts", &["expires_at"]),
    ("deleted_memberships", &["user_id"]),
    ("account_notices", &["due_at"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in TABLES {
            manager.create_table(create_table(table, columns)).await?;
        }
        for (table, columns) in INDEXES {
            manager
                .create_index(create_index(table, columns, false))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, _) in TABLES.iter().rev() {
            manager
                .drop_table(Table::drop().table(Alias::new(*table)).to_owned())
                .await?;
        }
        Ok(())
    }
}

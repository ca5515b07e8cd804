//! Addresses that users have lost to their mailboxes: the user of such a row has something else in the column of
//! addresses, and signs in by the old one until the row is over. A server of the version before knows none of it, and
//! finds the user who has the address now.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, create_index, create_table};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0026_lost_addresses"
    }
}

const TABLE: &str = "lost_addresses";
const COLUMNS: &[Column] = &[
    Column::key("user_id", ColumnKind::Uuid).of("users"),
    Column::required("email", ColumnKind::Text),
    Column::required("lost_at", ColumnKind::BigInteger),
    Column::required("expires_at", ColumnKind::BigInteger),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(create_table(TABLE, COLUMNS)).await?;
        for column in ["email", "expires_at"] {
            manager
                .create_index(create_index(TABLE, &[column], false))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Alias::new(TABLE)).to_owned())
            .await
    }
}

//! Mailed links that set a password, several for each user: who asks for a later one must not end an earlier one, since
//! that may be somebody else. Links made before stay in `password_resets`, where a server of the version before keeps its own.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, create_index, create_table};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0025_reset_links"
    }
}

const TABLE: &str = "password_reset_links";
const COLUMNS: &[Column] = &[
    Column::key("token_hash", ColumnKind::Binary),
    Column::required("user_id", ColumnKind::Uuid).of("users"),
    Column::required("expires_at", ColumnKind::BigInteger),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(create_table(TABLE, COLUMNS)).await?;
        for column in ["user_id", "expires_at"] {
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

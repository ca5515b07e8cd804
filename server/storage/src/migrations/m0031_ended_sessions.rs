//! How sessions ended, by the hash of their token, so that their browsers can be told. A server of the version before writes
//! none of it: the browsers of what it ends are told less.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, create_index, create_table};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0031_ended_sessions"
    }
}

const TABLE: &str = "ended_sessions";
const COLUMNS: &[Column] = &[
    Column::key("token_hash", ColumnKind::Binary),
    Column::required("said", ColumnKind::Text),
    Column::required("expires_at", ColumnKind::BigInteger),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(create_table(TABLE, COLUMNS)).await?;
        manager
            .create_index(create_index(TABLE, &["expires_at"], false))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Alias::new(TABLE)).to_owned())
            .await
    }
}

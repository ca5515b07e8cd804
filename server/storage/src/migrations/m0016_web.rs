//! The set-up link has an age and is the same on every server; whether TLS is required is known from the beginning.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0016_web"
    }
}

/// Empty in a database that an earlier version began.
const INSTANCE: &[Column] = &[
    Column::optional("setup_link_seed", ColumnKind::Binary),
    Column::optional("setup_link_made_at", ColumnKind::BigInteger),
    Column::optional("requires_tls", ColumnKind::Boolean),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "instance", INSTANCE).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "instance", INSTANCE).await
    }
}

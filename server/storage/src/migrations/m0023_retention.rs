//! Retention: whether a database loses old lines of its log by itself is known from the beginning, and for how long the
//! clock by which they are old has been going on as clocks do.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0023_retention"
    }
}

/// Empty in a database that an earlier version began.
const INSTANCE: &[Column] = &[
    Column::optional("bounds_log", ColumnKind::Boolean),
    Column::optional("steady_since", ColumnKind::BigInteger),
    Column::optional("steady_seen_at", ColumnKind::BigInteger),
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

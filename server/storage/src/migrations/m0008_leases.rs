//! Leases: what one server does for all of them.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, create_table};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_leases"
    }
}

/// Until when a job is somebody's.
const LEASES: &[Column] = &[
    Column::key("job", ColumnKind::Text),
    Column::required("ends_at", ColumnKind::BigInteger),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(create_table("leases", LEASES)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Alias::new("leases")).to_owned())
            .await
    }
}

//! What the address of a user is worth, and what a change of it was asked for with.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0018_people"
    }
}

const COLUMNS: &[(&str, &[Column])] = &[
    // The address took the place of one that was not proven, by the password alone.
    (
        "users",
        &[Column::required("email_corrected", ColumnKind::Boolean)],
    ),
    // A server of the version before writes none.
    (
        "email_changes",
        &[Column::optional("asked_with", ColumnKind::Text)],
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in COLUMNS {
            add_columns(manager, table, columns).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in COLUMNS {
            drop_columns(manager, table, columns).await?;
        }
        Ok(())
    }
}

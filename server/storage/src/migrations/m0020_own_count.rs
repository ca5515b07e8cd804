//! Browsers that have proven themselves have a count of wrong codes of their own, and a sign-in that waits for a code
//! says which known browser it is in.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0020_own_count"
    }
}

const COLUMNS: &[(&str, &[Column])] = &[
    (
        "known_browsers",
        &[
            // When a second factor was last given in it.
            Column::optional("factor_proven_at", ColumnKind::BigInteger),
            // Wrong codes since, and when a code of it was last looked at.
            Column::required("factor_failures", ColumnKind::Integer),
            Column::optional("factor_tried_at", ColumnKind::BigInteger),
        ],
    ),
    (
        "pending_sign_ins",
        &[Column::optional("known_hash", ColumnKind::Binary)],
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

//! The time zone of an account, and beside the moment from which it requires two-factor authentication the day that was chosen.
//!
//! Accounts that there are have none: they are in UTC until somebody sets another zone, and their day is that of the moment.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0034_days"
    }
}

const TABLES: [&str; 2] = ["accounts", "deleted_accounts"];

const COLUMNS: &[Column] = &[
    Column::optional("zone", ColumnKind::Text),
    Column::optional("required_day", ColumnKind::Text),
    // The zone that it was a day in when it was saved, which the account may have left since.
    Column::optional("required_zone", ColumnKind::Text),
    // The moment that the day was written with. A server of the version before writes another moment, and no day.
    Column::optional("required_day_at", ColumnKind::BigInteger),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            add_columns(manager, table, COLUMNS).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            drop_columns(manager, table, COLUMNS).await?;
        }
        Ok(())
    }
}

//! The log of an account for whoever audits it: which sessions have come into it, and an index by which lines of a kind are
//! found in a long log. A server of the version before writes neither.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, create_index, create_table};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0037_account_log"
    }
}

const TABLE: &str = "account_entries";

const COLUMNS: &[Column] = &[
    Column::key("session_id", ColumnKind::Uuid),
    Column::key("account_id", ColumnKind::Uuid),
    Column::required("entered_at", ColumnKind::BigInteger),
];

const INDEXES: &[(&str, &[&str])] = &[
    (TABLE, &["entered_at"]),
    ("audit_events", &["account_id", "kind", "id"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(create_table(TABLE, COLUMNS)).await?;
        for (table, columns) in INDEXES {
            manager
                .create_index(create_index(table, columns, false))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in INDEXES {
            let index = Index::drop()
                .name(format!("{table}_{}", columns.join("_")))
                .table(Alias::new(*table))
                .to_owned();
            manager.drop_index(index).await?;
        }
        manager
            .drop_table(Table::drop().table(Alias::new(TABLE)).to_owned())
            .await
    }
}

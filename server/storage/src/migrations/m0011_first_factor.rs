//! The proof that a first factor takes: codes mailed for one act, browsers that have proven a mailbox, and who was
//! let in without one.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, create_index, create_table, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0011_first_factor"
    }
}

const TABLES: &[(&str, &[Column])] = &[
    // The code that was mailed last to a session for an act.
    (
        "mailbox_codes",
        &[
            Column::key("session_id", ColumnKind::Uuid),
            Column::key("act", ColumnKind::Text),
            Column::required("user_id", ColumnKind::Uuid).of("users"),
            Column::required("code_tag", ColumnKind::Binary),
            Column::required("expires_at", ColumnKind::BigInteger),
            Column::required("failures", ColumnKind::Integer),
        ],
    ),
    // Who may set up a first factor without a mailbox proof, in the next session that begins.
    (
        "first_factor_allowances",
        &[
            Column::key("user_id", ColumnKind::Uuid).of("users"),
            Column::optional("session_id", ColumnKind::Uuid),
            Column::required("expires_at", ColumnKind::BigInteger),
        ],
    ),
];

const INDEXES: &[(&str, &[&str])] = &[
    ("mailbox_codes", &["user_id"]),
    ("mailbox_codes", &["expires_at"]),
    ("first_factor_allowances", &["expires_at"]),
];

const COLUMNS: &[(&str, &[Column])] = &[
    (
        "known_browsers",
        &[Column::optional(
            "mailbox_proven_at",
            ColumnKind::BigInteger,
        )],
    ),
    (
        "enrolments",
        &[Column::optional("admitted_by", ColumnKind::Text)],
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in TABLES {
            manager.create_table(create_table(table, columns)).await?;
        }
        for (table, columns) in COLUMNS {
            add_columns(manager, table, columns).await?;
        }
        for (table, columns) in INDEXES {
            manager
                .create_index(create_index(table, columns, false))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in COLUMNS {
            drop_columns(manager, table, columns).await?;
        }
        for (table, _) in TABLES {
            manager
                .drop_table(Table::drop().table(Alias::new(*table)).to_owned())
                .await?;
        }
        Ok(())
    }
}

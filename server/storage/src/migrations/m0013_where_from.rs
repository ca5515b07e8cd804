//! Where things are used from: the address at which a session was used last, the trusted browser that opened it, and
//! what a known browser is, so that its user can tell it from others.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0013_where_from"
    }
}

/// Empty in rows of a server of the version before.
const SESSIONS: &[Column] = &[
    Column::required("last_address", ColumnKind::Text),
    Column::optional("trusted_browser_id", ColumnKind::Uuid),
];

/// As above; of browsers known since before nothing is known but when they were seen.
const KNOWN_BROWSERS: &[Column] = &[
    Column::required("address", ColumnKind::Text),
    Column::required("browser", ColumnKind::Text),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "sessions", SESSIONS).await?;
        add_columns(manager, "known_browsers", KNOWN_BROWSERS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "sessions", SESSIONS).await?;
        drop_columns(manager, "known_browsers", KNOWN_BROWSERS).await
    }
}

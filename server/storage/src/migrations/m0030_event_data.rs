//! Values of events, apart from words for people. Lines of earlier versions keep what they have in `details`, which lines of
//! this one leave empty; a server of the version before shows a gap for them.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0030_event_data"
    }
}

const EVENTS: &[Column] = &[Column::optional("data", ColumnKind::Text)];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "audit_events", EVENTS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "audit_events", EVENTS).await
    }
}

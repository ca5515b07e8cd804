//! Names as they are searched: a database folds too little (`SQLite` the letters of ASCII alone), and no accents.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0021_folded_names"
    }
}

/// Empty until upkeep has filled it, and in rows of a server of the version before.
const USERS: &[Column] = &[Column::optional("folded_name", ColumnKind::Text)];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "users", USERS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "users", USERS).await
    }
}

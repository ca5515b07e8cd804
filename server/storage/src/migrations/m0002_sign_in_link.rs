//! A reset by the team: the next sign-in takes a mailed link besides the password.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_sign_in_link"
    }
}

const USERS: &[Column] = &[Column::required("sign_in_link_due", ColumnKind::Boolean)];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "users", USERS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "users", USERS).await
    }
}

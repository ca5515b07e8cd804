//! Codes by SMS. The number itself is a row of `second_factors`, whose key sees to it that a user has one factor only.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, create_index, create_table};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_sms"
    }
}

/// The code that was sent last, at most one for each user, for the sign-in, session or enrolment that asked for it.
const SMS_CODES: &[Column] = &[
    Column::key("user_id", ColumnKind::Uuid).of("users"),
    Column::required("purpose", ColumnKind::Text),
    Column::required("bound_to", ColumnKind::Binary),
    Column::required("code_hash", ColumnKind::Binary),
    Column::required("expires_at", ColumnKind::BigInteger),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(create_table("sms_codes", SMS_CODES))
            .await?;
        manager
            .create_index(create_index("sms_codes", &["expires_at"], false))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Alias::new("sms_codes")).to_owned())
            .await
    }
}

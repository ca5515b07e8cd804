//! Accounts that were deleted and are not erased yet.

use std::fmt;

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deleted_accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub created_at: i64,
    pub owner_id: Uuid,
    pub required_from: Option<i64>,
    pub trusted_browsers_allowed: bool,
    pub sms_counts: bool,
    pub settings_version: i64,
    pub settings_changed_at: Option<i64>,
    pub settings_changed_by: Option<Uuid>,
    pub deleted_at: i64,
    pub deleted_by: Option<Uuid>,
    pub deleted_by_name: String,
    pub expires_at: i64,
    pub zone: Option<String>,
    pub required_day: Option<String>,
    pub required_zone: Option<String>,
    pub required_day_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A row says only what it is: hashes and sealed secrets must not reach a log.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row of deleted_accounts")
    }
}

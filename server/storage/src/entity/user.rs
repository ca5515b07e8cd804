//! One person: address, password hash, and the count of second-factor failures.

use std::fmt;

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub language: Option<String>,
    pub created_at: i64,
    pub password_changed_at: i64,
    pub email_verified_at: Option<i64>,
    pub disabled_at: Option<i64>,
    pub factor_failures: i32,
    pub factor_failed_at: Option<i64>,
    pub sign_in_link_due: bool,
    pub last_active_at: Option<i64>,
    pub email_corrected: bool,
    pub had_factor: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A row says only what it is: hashes and sealed secrets must not reach a log.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row of users")
    }
}

//! Browsers that skip the second factor of a user, by the hash of their cookie.

use std::fmt;

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trusted_browsers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub id: Uuid,
    pub user_id: Uuid,
    pub fingerprint: Vec<u8>,
    pub created_at: i64,
    pub expires_at: i64,
    pub address: String,
    pub browser: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A row says only what it is: hashes and sealed secrets must not reach a log.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row of trusted_browsers")
    }
}

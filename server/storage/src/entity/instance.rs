//! One row: what this database is, and what proves that the keys fit.

use std::fmt;

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "instance")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub application: String,
    pub created_at: i64,
    pub key_check: Vec<u8>,
    pub setup_token_hash: Option<Vec<u8>>,
    pub setup_link_seed: Option<Vec<u8>>,
    pub setup_link_made_at: Option<i64>,
    pub requires_tls: Option<bool>,
    pub bounds_log: Option<bool>,
    pub steady_since: Option<i64>,
    pub steady_seen_at: Option<i64>,
    pub challenge_epoch: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A row says only what it is: hashes and sealed secrets must not reach a log.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row of instance")
    }
}

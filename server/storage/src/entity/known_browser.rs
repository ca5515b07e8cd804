//! Browsers that a user has signed in with, by the hash of a token in their cookie.

use std::fmt;

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_browsers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub first_seen_at: i64,
    pub last_seen_at: i64,
    pub address: String,
    pub browser: String,
    pub mailbox_proven_at: Option<i64>,
    pub factor_proven_at: Option<i64>,
    pub factor_failures: i32,
    pub factor_tried_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A row says only what it is: hashes and sealed secrets must not reach a log.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row of known_browsers")
    }
}

//! Offers: to reset somebody's two-factor authentication, and to hand an account over; accounts that open later after
//! such a reset; and mailboxes that refused their last letter.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, create_index, create_table, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0012_offers"
    }
}

const TABLES: &[(&str, &[Column])] = &[
    // The mailed link that resets a user's two-factor authentication, at most one from each account of theirs.
    (
        "reset_offers",
        &[
            Column::key("account_id", ColumnKind::Uuid).of("accounts"),
            Column::key("user_id", ColumnKind::Uuid).of("users"),
            Column::required("token_hash", ColumnKind::Binary),
            Column::required("offered_by", ColumnKind::Uuid).of("users"),
            Column::required("expires_at", ColumnKind::BigInteger),
        ],
    ),
    // An account that its owner offers to another of its users, at most one offer for each.
    (
        "transfer_offers",
        &[
            Column::key("account_id", ColumnKind::Uuid).of("accounts"),
            Column::required("from_id", ColumnKind::Uuid).of("users"),
            Column::required("to_id", ColumnKind::Uuid).of("users"),
            Column::required("expires_at", ColumnKind::BigInteger),
        ],
    ),
    // Addresses of users whose mail server refused the last letter for good.
    (
        "refused_mailboxes",
        &[
            Column::key("email", ColumnKind::Text),
            Column::required("refused_at", ColumnKind::BigInteger),
        ],
    ),
];

const INDEXES: &[(&str, &[&str], bool)] = &[
    ("reset_offers", &["token_hash"], true),
    ("reset_offers", &["user_id"], false),
    ("reset_offers", &["offered_by"], false),
    ("reset_offers", &["expires_at"], false),
    ("transfer_offers", &["from_id"], false),
    ("transfer_offers", &["to_id"], false),
    ("transfer_offers", &["expires_at"], false),
    ("refused_mailboxes", &["refused_at"], false),
];

/// Until when an account that requires two-factor authentication stays shut to a user, after another account's offer
/// to reset theirs.
const MEMBERSHIPS: &[Column] = &[Column::optional("opens_at", ColumnKind::BigInteger)];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in TABLES {
            manager.create_table(create_table(table, columns)).await?;
        }
        for (table, columns, unique) in INDEXES {
            manager
                .create_index(create_index(table, columns, *unique))
                .await?;
        }
        add_columns(manager, "memberships", MEMBERSHIPS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "memberships", MEMBERSHIPS).await?;
        for (table, _) in TABLES.iter().rev() {
            manager
                .drop_table(Table::drop().table(Alias::new(*table)).to_owned())
                .await?;
        }
        Ok(())
    }
}

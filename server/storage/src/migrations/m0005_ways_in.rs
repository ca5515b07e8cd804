//! Ways in and back in: links that set a password or an address, browsers that are known or trusted, and the count
//! of tries.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, create_index, create_table, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_ways_in"
    }
}

const TABLES: &[(&str, &[Column])] = &[
    // The mailed link that sets a new password, at most one for each user.
    (
        "password_resets",
        &[
            Column::key("user_id", ColumnKind::Uuid).of("users"),
            Column::required("token_hash", ColumnKind::Binary),
            Column::required("expires_at", ColumnKind::BigInteger),
        ],
    ),
    // The new address of a user, until its link is opened.
    (
        "email_changes",
        &[
            Column::key("user_id", ColumnKind::Uuid).of("users"),
            Column::required("token_hash", ColumnKind::Binary),
            Column::required("email", ColumnKind::Text),
            Column::required("expires_at", ColumnKind::BigInteger),
        ],
    ),
    // Browsers that a user has signed in with; one browser can be known to several users.
    (
        "known_browsers",
        &[
            Column::key("user_id", ColumnKind::Uuid).of("users"),
            Column::key("token_hash", ColumnKind::Binary),
            Column::required("first_seen_at", ColumnKind::BigInteger),
            Column::required("last_seen_at", ColumnKind::BigInteger),
        ],
    ),
    // Browsers that skip the second factor, as long as password and factor are those of the fingerprint.
    (
        "trusted_browsers",
        &[
            Column::key("token_hash", ColumnKind::Binary),
            Column::required("id", ColumnKind::Uuid),
            Column::required("user_id", ColumnKind::Uuid).of("users"),
            Column::required("fingerprint", ColumnKind::Binary),
            Column::required("created_at", ColumnKind::BigInteger),
            Column::required("expires_at", ColumnKind::BigInteger),
            Column::required("address", ColumnKind::Text),
            Column::required("browser", ColumnKind::Text),
        ],
    ),
    // Tries by the hash of what they are counted for: an address, a user, a browser.
    (
        "tries",
        &[
            Column::key("bucket_hash", ColumnKind::Binary),
            Column::required("count", ColumnKind::BigInteger),
            Column::required("window_start", ColumnKind::BigInteger),
            Column::required("ends_at", ColumnKind::BigInteger),
        ],
    ),
];

const INDEXES: &[(&str, &[&str], bool)] = &[
    ("password_resets", &["token_hash"], true),
    ("password_resets", &["expires_at"], false),
    ("email_changes", &["token_hash"], true),
    ("email_changes", &["expires_at"], false),
    ("known_browsers", &["last_seen_at"], false),
    ("trusted_browsers", &["id"], true),
    ("trusted_browsers", &["user_id"], false),
    ("trusted_browsers", &["expires_at"], false),
    ("tries", &["ends_at"], false),
];

/// The hash of the mailed link that a pending sign-in waits for, where it waits for one.
const PENDING: &[Column] = &[Column::optional("link_hash", ColumnKind::Binary)];

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
        add_columns(manager, "pending_sign_ins", PENDING).await?;
        manager
            .create_index(create_index("pending_sign_ins", &["link_hash"], false))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("pending_sign_ins_link_hash")
                    .table(Alias::new("pending_sign_ins"))
                    .to_owned(),
            )
            .await?;
        drop_columns(manager, "pending_sign_ins", PENDING).await?;
        for (table, _) in TABLES.iter().rev() {
            manager
                .drop_table(Table::drop().table(Alias::new(*table)).to_owned())
                .await?;
        }
        Ok(())
    }
}

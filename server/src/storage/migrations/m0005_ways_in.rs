//! Ways in and back in: links that set a password or an address, browsers that are known or trusted, and the count
//! of tries.

use sea_orm_migration::prelude::*;

use super::columns::{Column, Kind, add_columns, create_index, create_table, drop_columns};

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
            Column::key("user_id", Kind::Uuid).of("users"),
            Column::required("token_hash", Kind::Binary),
            Column::required("expires_at", Kind::BigInteger),
        ],
    ),
    // The new address of a user, until its link is opened.
    (
        "email_changes",
        &[
            Column::key("user_id", Kind::Uuid).of("users"),
            Column::required("token_hash", Kind::Binary),
            Column::required("email", Kind::Text),
            Column::required("expires_at", Kind::BigInteger),
        ],
    ),
    // Browsers that a user has signed in with; one browser can be known to several users.
    (
        "known_browsers",
        &[
            Column::key("user_id", Kind::Uuid).of("users"),
            Column::key("token_hash", Kind::Binary),
            Column::required("first_seen_at", Kind::BigInteger),
            Column::required("last_seen_at", Kind::BigInteger),
        ],
    ),
    // Browsers that skip the second factor, as long as password and factor are those of the fingerprint.
    (
        "trusted_browsers",
        &[
            Column::key("token_hash", Kind::Binary),
            Column::required("id", Kind::Uuid),
            Column::required("user_id", Kind::Uuid).of("users"),
            Column::required("fingerprint", Kind::Binary),
            Column::required("created_at", Kind::BigInteger),
            Column::required("expires_at", Kind::BigInteger),
            Column::required("address", Kind::Text),
            Column::required("browser", Kind::Text),
        ],
    ),
    // Tries by the hash of what they are counted for: an address, a user, a browser.
    (
        "tries",
        &[
            Column::key("bucket_hash", Kind::Binary),
            Column::required("count", Kind::BigInteger),
            Column::required("window_start", Kind::BigInteger),
            Column::required("ends_at", Kind::BigInteger),
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
const PENDING: &[Column] = &[Column::optional("link_hash", Kind::Binary)];

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

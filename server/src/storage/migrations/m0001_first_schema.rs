//! The first schema.
//!
//! Moments are whole seconds since 1970 UTC, identifiers UUIDs of version 7, hashes SHA-256. Plain portable
//! statements only: they run on SQLite and PostgreSQL alike.

use sea_orm_migration::prelude::*;

use super::columns::{Column, Kind, create_index, create_table};

/// Creates every table of the first schema.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[(&str, &[Column])] = &[
    // One person: address, password hash, and the count of second-factor failures.
    (
        "users",
        &[
            Column::key("id", Kind::Uuid),
            Column::required("email", Kind::Text),
            Column::required("name", Kind::Text),
            Column::required("password_hash", Kind::Text),
            Column::optional("language", Kind::Text),
            Column::required("created_at", Kind::BigInteger),
            Column::required("password_changed_at", Kind::BigInteger),
            Column::optional("email_verified_at", Kind::BigInteger),
            Column::optional("disabled_at", Kind::BigInteger),
            Column::required("factor_failures", Kind::Integer),
            Column::optional("factor_failed_at", Kind::BigInteger),
        ],
    ),
    // The second factor in use, at most one for each user.
    (
        "second_factors",
        &[
            Column::key("user_id", Kind::Uuid).of("users"),
            Column::required("kind", Kind::Text),
            Column::required("sealed_secret", Kind::Binary),
            Column::required("key_id", Kind::Text),
            Column::required("enabled_at", Kind::BigInteger),
            Column::required("last_step", Kind::BigInteger),
        ],
    ),
    // Hashes of recovery codes; a spent one stays until its set is replaced.
    (
        "recovery_codes",
        &[
            Column::key("user_id", Kind::Uuid).of("users"),
            Column::key("code_hash", Kind::Binary),
            Column::optional("used_at", Kind::BigInteger),
        ],
    ),
    // The unfinished set-up of a factor, at most one for each user.
    (
        "enrolments",
        &[
            Column::key("user_id", Kind::Uuid).of("users"),
            Column::required("id", Kind::Uuid),
            Column::required("purpose", Kind::Text),
            Column::required("session_id", Kind::Uuid),
            Column::required("sealed_secret", Kind::Binary),
            Column::required("key_id", Kind::Text),
            Column::required("expires_at", Kind::BigInteger),
            Column::required("failures", Kind::Integer),
        ],
    ),
    // Sessions by the hash of their token.
    (
        "sessions",
        &[
            Column::key("token_hash", Kind::Binary),
            Column::required("id", Kind::Uuid),
            Column::required("user_id", Kind::Uuid).of("users"),
            Column::required("created_at", Kind::BigInteger),
            Column::required("last_active_at", Kind::BigInteger),
            Column::optional("second_factor_at", Kind::BigInteger),
            Column::required("step_up_failures", Kind::Integer),
            Column::required("address", Kind::Text),
            Column::required("browser", Kind::Text),
        ],
    ),
    // Sign-ins whose second factor is due, by the hash of their token.
    (
        "pending_sign_ins",
        &[
            Column::key("token_hash", Kind::Binary),
            Column::required("user_id", Kind::Uuid).of("users"),
            Column::required("expires_at", Kind::BigInteger),
            Column::required("failures", Kind::Integer),
        ],
    ),
    // Sign-ups whose link has not been opened, by the hash of its token.
    (
        "pending_sign_ups",
        &[
            Column::key("token_hash", Kind::Binary),
            Column::required("email", Kind::Text),
            Column::required("name", Kind::Text),
            Column::required("account_name", Kind::Text),
            Column::required("password_hash", Kind::Text),
            Column::required("expires_at", Kind::BigInteger),
        ],
    ),
    // Accounts with their one owner and their authentication settings.
    (
        "accounts",
        &[
            Column::key("id", Kind::Uuid),
            Column::required("name", Kind::Text),
            Column::required("created_at", Kind::BigInteger),
            Column::required("owner_id", Kind::Uuid),
            Column::optional("required_from", Kind::BigInteger),
            Column::required("trusted_browsers_allowed", Kind::Boolean),
            Column::required("sms_counts", Kind::Boolean),
            Column::required("settings_version", Kind::BigInteger),
            Column::optional("settings_changed_at", Kind::BigInteger),
            Column::optional("settings_changed_by", Kind::Uuid),
        ],
    ),
    // Who belongs to which account, with which roles besides ownership.
    (
        "memberships",
        &[
            Column::key("account_id", Kind::Uuid).of("accounts"),
            Column::key("user_id", Kind::Uuid).of("users"),
            Column::required("roles", Kind::Integer),
            Column::required("joined_at", Kind::BigInteger),
        ],
    ),
    // The append-only log: who did what to whom, when and from where.
    (
        "audit_events",
        &[
            Column::key("id", Kind::Uuid),
            Column::required("at", Kind::BigInteger),
            Column::required("kind", Kind::Text),
            Column::required("actor_kind", Kind::Text),
            Column::optional("actor_id", Kind::Uuid),
            Column::required("actor_name", Kind::Text),
            Column::optional("account_id", Kind::Uuid),
            Column::optional("subject_id", Kind::Uuid),
            Column::required("subject_name", Kind::Text),
            Column::required("address", Kind::Text),
            Column::required("browser", Kind::Text),
            Column::required("details", Kind::Text),
        ],
    ),
    // The queue of outgoing mail; bodies are sealed, since they can hold links.
    (
        "mails",
        &[
            Column::key("id", Kind::Uuid),
            Column::required("sealed_mail", Kind::Binary),
            Column::required("key_id", Kind::Text),
            Column::required("created_at", Kind::BigInteger),
            Column::required("next_try_at", Kind::BigInteger),
            Column::required("tries", Kind::Integer),
        ],
    ),
    // One row: what this database is, and what proves that the keys fit.
    (
        "instance",
        &[
            Column::key("id", Kind::Integer),
            Column::required("application", Kind::Text),
            Column::required("created_at", Kind::BigInteger),
            Column::required("key_check", Kind::Binary),
            Column::optional("setup_token_hash", Kind::Binary),
        ],
    ),
];

const INDEXES: &[(&str, &[&str], bool)] = &[
    ("users", &["email"], true),
    ("sessions", &["id"], true),
    ("sessions", &["user_id"], false),
    ("sessions", &["last_active_at"], false),
    ("pending_sign_ins", &["user_id"], false),
    ("pending_sign_ins", &["expires_at"], false),
    ("pending_sign_ups", &["email"], false),
    ("pending_sign_ups", &["expires_at"], false),
    ("enrolments", &["id"], true),
    ("enrolments", &["expires_at"], false),
    ("memberships", &["user_id"], false),
    ("accounts", &["owner_id"], false),
    ("audit_events", &["account_id", "id"], false),
    ("audit_events", &["subject_id", "id"], false),
    ("audit_events", &["actor_id", "id"], false),
    ("mails", &["next_try_at"], false),
];

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
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, _) in TABLES.iter().rev() {
            manager
                .drop_table(Table::drop().table(Alias::new(*table)).to_owned())
                .await?;
        }
        Ok(())
    }
}

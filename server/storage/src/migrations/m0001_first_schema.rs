//! The first schema.
//!
//! Moments are whole seconds since 1970 UTC, identifiers UUIDs of version 7, hashes SHA-256. Plain portable
//! statements only: they run on SQLite and PostgreSQL alike.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, create_index, create_table};

/// Creates every table of the first schema.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[(&str, &[Column])] = &[
    // One person: address, password hash, and the count of second-factor failures.
    (
        "users",
        &[
            Column::key("id", ColumnKind::Uuid),
            Column::required("email", ColumnKind::Text),
            Column::required("name", ColumnKind::Text),
            Column::required("password_hash", ColumnKind::Text),
            Column::optional("language", ColumnKind::Text),
            Column::required("created_at", ColumnKind::BigInteger),
            Column::required("password_changed_at", ColumnKind::BigInteger),
            Column::optional("email_verified_at", ColumnKind::BigInteger),
            Column::optional("disabled_at", ColumnKind::BigInteger),
            Column::required("factor_failures", ColumnKind::Integer),
            Column::optional("factor_failed_at", ColumnKind::BigInteger),
        ],
    ),
    // The second factor in use, at most one for each user.
    (
        "second_factors",
        &[
            Column::key("user_id", ColumnKind::Uuid).of("users"),
            Column::required("kind", ColumnKind::Text),
            Column::required("sealed_secret", ColumnKind::Binary),
            Column::required("key_id", ColumnKind::Text),
            Column::required("enabled_at", ColumnKind::BigInteger),
            Column::required("last_step", ColumnKind::BigInteger),
        ],
    ),
    // Hashes of recovery codes; a spent one stays until its set is replaced.
    (
        "recovery_codes",
        &[
            Column::key("user_id", ColumnKind::Uuid).of("users"),
            Column::key("code_hash", ColumnKind::Binary),
            Column::optional("used_at", ColumnKind::BigInteger),
        ],
    ),
    // The unfinished set-up of a factor, at most one for each user.
    (
        "enrolments",
        &[
            Column::key("user_id", ColumnKind::Uuid).of("users"),
            Column::required("id", ColumnKind::Uuid),
            Column::required("purpose", ColumnKind::Text),
            Column::required("session_id", ColumnKind::Uuid),
            Column::required("sealed_secret", ColumnKind::Binary),
            Column::required("key_id", ColumnKind::Text),
            Column::required("expires_at", ColumnKind::BigInteger),
            Column::required("failures", ColumnKind::Integer),
        ],
    ),
    // Sessions by the hash of their token.
    (
        "sessions",
        &[
            Column::key("token_hash", ColumnKind::Binary),
            Column::required("id", ColumnKind::Uuid),
            Column::required("user_id", ColumnKind::Uuid).of("users"),
            Column::required("created_at", ColumnKind::BigInteger),
            Column::required("last_active_at", ColumnKind::BigInteger),
            Column::optional("second_factor_at", ColumnKind::BigInteger),
            Column::required("step_up_failures", ColumnKind::Integer),
            Column::required("address", ColumnKind::Text),
            Column::required("browser", ColumnKind::Text),
        ],
    ),
    // Sign-ins whose second factor is due, by the hash of their token.
    (
        "pending_sign_ins",
        &[
            Column::key("token_hash", ColumnKind::Binary),
            Column::required("user_id", ColumnKind::Uuid).of("users"),
            Column::required("expires_at", ColumnKind::BigInteger),
            Column::required("failures", ColumnKind::Integer),
        ],
    ),
    // Sign-ups whose link has not been opened, by the hash of its token.
    (
        "pending_sign_ups",
        &[
            Column::key("token_hash", ColumnKind::Binary),
            Column::required("email", ColumnKind::Text),
            Column::required("name", ColumnKind::Text),
            Column::required("account_name", ColumnKind::Text),
            Column::required("password_hash", ColumnKind::Text),
            Column::required("expires_at", ColumnKind::BigInteger),
        ],
    ),
    // Accounts with their one owner and their authentication settings.
    (
        "accounts",
        &[
            Column::key("id", ColumnKind::Uuid),
            Column::required("name", ColumnKind::Text),
            Column::required("created_at", ColumnKind::BigInteger),
            Column::required("owner_id", ColumnKind::Uuid),
            Column::optional("required_from", ColumnKind::BigInteger),
            Column::required("trusted_browsers_allowed", ColumnKind::Boolean),
            Column::required("sms_counts", ColumnKind::Boolean),
            Column::required("settings_version", ColumnKind::BigInteger),
            Column::optional("settings_changed_at", ColumnKind::BigInteger),
            Column::optional("settings_changed_by", ColumnKind::Uuid),
        ],
    ),
    // Who belongs to which account, with which roles besides ownership.
    (
        "memberships",
        &[
            Column::key("account_id", ColumnKind::Uuid).of("accounts"),
            Column::key("user_id", ColumnKind::Uuid).of("users"),
            Column::required("roles", ColumnKind::Integer),
            Column::required("joined_at", ColumnKind::BigInteger),
        ],
    ),
    // The append-only log: who did what to whom, when and from where.
    (
        "audit_events",
        &[
            Column::key("id", ColumnKind::Uuid),
            Column::required("at", ColumnKind::BigInteger),
            Column::required("kind", ColumnKind::Text),
            Column::required("actor_kind", ColumnKind::Text),
            Column::optional("actor_id", ColumnKind::Uuid),
            Column::required("actor_name", ColumnKind::Text),
            Column::optional("account_id", ColumnKind::Uuid),
            Column::optional("subject_id", ColumnKind::Uuid),
            Column::required("subject_name", ColumnKind::Text),
            Column::required("address", ColumnKind::Text),
            Column::required("browser", ColumnKind::Text),
            Column::required("details", ColumnKind::Text),
        ],
    ),
    // The queue of outgoing mail; bodies are sealed, since they can hold links.
    (
        "mails",
        &[
            Column::key("id", ColumnKind::Uuid),
            Column::required("sealed_mail", ColumnKind::Binary),
            Column::required("key_id", ColumnKind::Text),
            Column::required("created_at", ColumnKind::BigInteger),
            Column::required("next_try_at", ColumnKind::BigInteger),
            Column::required("tries", ColumnKind::Integer),
        ],
    ),
    // One row: what this database is, and what proves that the keys fit.
    (
        "instance",
        &[
            Column::key("id", ColumnKind::Integer),
            Column::required("application", ColumnKind::Text),
            Column::required("created_at", ColumnKind::BigInteger),
            Column::required("key_check", ColumnKind::Binary),
            Column::optional("setup_token_hash", ColumnKind::Binary),
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

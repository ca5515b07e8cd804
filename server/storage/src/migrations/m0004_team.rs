//! Teams: invitations, when a user was last active, and the order in which users are listed.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, create_index, create_table, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_team"
    }
}

/// Invitations that nobody has accepted, with the hash of the link's token.
const INVITATIONS: &[Column] = &[
    Column::key("id", ColumnKind::Uuid),
    Column::required("account_id", ColumnKind::Uuid).of("accounts"),
    Column::required("token_hash", ColumnKind::Binary),
    Column::required("email", ColumnKind::Text),
    Column::required("name", ColumnKind::Text),
    Column::required("roles", ColumnKind::Integer),
    Column::required("invited_by", ColumnKind::Text),
    Column::required("expires_at", ColumnKind::BigInteger),
];

const USERS: &[Column] = &[Column::optional("last_active_at", ColumnKind::BigInteger)];

/// What users are listed by.
const ORDER: &[&str] = &["name", "id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(create_table("invitations", INVITATIONS))
            .await?;
        for (columns, unique) in [
            (&["token_hash"] as &[&str], true),
            (&["account_id", "email"], true),
            (&["expires_at"], false),
        ] {
            manager
                .create_index(create_index("invitations", columns, unique))
                .await?;
        }
        add_columns(manager, "users", USERS).await?;
        manager
            .create_index(create_index("users", ORDER, false))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("users_name_id")
                    .table(Alias::new("users"))
                    .to_owned(),
            )
            .await?;
        drop_columns(manager, "users", USERS).await?;
        manager
            .drop_table(Table::drop().table(Alias::new("invitations")).to_owned())
            .await
    }
}

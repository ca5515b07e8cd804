//! Teams: invitations, when a user was last active, and the order in which users are listed.

use sea_orm_migration::prelude::*;

use super::columns::{Column, Kind, add_columns, create_index, create_table, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_team"
    }
}

/// Invitations that nobody has accepted, with the hash of the link's token.
const INVITATIONS: &[Column] = &[
    Column::key("id", Kind::Uuid),
    Column::required("account_id", Kind::Uuid).of("accounts"),
    Column::required("token_hash", Kind::Binary),
    Column::required("email", Kind::Text),
    Column::required("name", Kind::Text),
    Column::required("roles", Kind::Integer),
    Column::required("invited_by", Kind::Text),
    Column::required("expires_at", Kind::BigInteger),
];

const USERS: &[Column] = &[Column::optional("last_active_at", Kind::BigInteger)];

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

//! Passkeys and security keys. They hang on the row of `second_factors`, so that a reset or an end of two-factor authentication
//! takes them along, also one by a server of the version before.
//!
//! Whoever has keys has a word in `second_factors.kind` that says so ("passkey", "passkey+app"). A server of the version before
//! does not know it and refuses its user: it never takes them for somebody without a second factor.

use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, create_index, create_table, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0040_passkeys"
    }
}

const PASSKEYS: &[Column] = &[
    Column::key("id", ColumnKind::Uuid),
    Column::required("user_id", ColumnKind::Uuid).of_user_in("second_factors"),
    // Passkey or security key.
    Column::required("signs_in", ColumnKind::Boolean),
    Column::required("credential_id", ColumnKind::Binary),
    Column::required("public_key", ColumnKind::Binary),
    Column::required("rp_id", ColumnKind::Text),
    Column::required("name", ColumnKind::Text),
    Column::required("aaguid", ColumnKind::Binary),
    Column::required("transports", ColumnKind::Text),
    Column::required("sign_count", ColumnKind::BigInteger),
    Column::required("backup_eligible", ColumnKind::Boolean),
    Column::required("backed_up", ColumnKind::Boolean),
    Column::required("created_at", ColumnKind::BigInteger),
    Column::optional("last_used_at", ColumnKind::BigInteger),
];

/// Challenges that were answered. A challenge itself is stored nowhere: it carries its time and a tag.
const SPENT_CHALLENGES: &[Column] = &[
    Column::key("hash", ColumnKind::Binary),
    Column::required("expires_at", ColumnKind::BigInteger),
];

/// Part of the tag of each challenge. A restore renews it, so that no challenge of before is good.
const EPOCH: &[Column] = &[Column::optional("challenge_epoch", ColumnKind::Binary)];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(create_table("passkeys", PASSKEYS))
            .await?;
        manager
            .create_index(create_index("passkeys", &["user_id"], false))
            .await?;
        manager
            .create_index(create_index("passkeys", &["credential_id"], true))
            .await?;
        manager
            .create_table(create_table("spent_challenges", SPENT_CHALLENGES))
            .await?;
        manager
            .create_index(create_index("spent_challenges", &["expires_at"], false))
            .await?;
        add_columns(manager, "instance", EPOCH).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "instance", EPOCH).await?;
        for table in ["spent_challenges", "passkeys"] {
            let table = Table::drop().table(Alias::new(table)).to_owned();
            manager.drop_table(table).await?;
        }
        Ok(())
    }
}

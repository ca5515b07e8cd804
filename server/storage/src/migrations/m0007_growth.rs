//! Growth: indexes for what was found by reading whole tables.

use sea_orm_migration::prelude::*;

use super::columns::create_index;

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_growth"
    }
}

/// Each sign-in looks a browser up by its token, the operator an account by its name, each start the keys in use, upkeep the
/// sessions that are over; the rest is counted for graphs.
const INDEXES: &[(&str, &str)] = &[
    ("known_browsers", "token_hash"),
    ("accounts", "name"),
    ("accounts", "required_from"),
    ("second_factors", "kind"),
    ("second_factors", "key_id"),
    ("sessions", "created_at"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in INDEXES {
            manager
                .create_index(create_index(table, &[column], false))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in INDEXES {
            let name = format!("{table}_{column}");
            let index = Index::drop()
                .name(name)
                .table(Alias::new(*table))
                .to_owned();
            manager.drop_index(index).await?;
        }
        Ok(())
    }
}

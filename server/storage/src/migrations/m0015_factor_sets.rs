//! A tag over the second factors of each user, so that a row that was changed past the program is noticed.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, create_index, create_table};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0015_factor_sets"
    }
}

/// The tags are under keys that the migration does not have: the program writes them.
const FACTOR_SETS: &[Column] = &[
    Column::key("user_id", ColumnKind::Uuid).of("users"),
    Column::required("stamp", ColumnKind::Binary),
    Column::required("tag", ColumnKind::Binary),
    Column::required("key_id", ColumnKind::Text),
];

/// Whoever changes a factor writes its tag anew in the same transaction. A server of the version before, which knows no
/// tags and may still be working during an upgrade, leaves none behind in place of a wrong one.
const SQLITE: &str = "
    CREATE TRIGGER factor_sets_new AFTER INSERT ON second_factors BEGIN
        DELETE FROM factor_sets WHERE user_id = NEW.user_id;
    END;
    CREATE TRIGGER factor_sets_changed AFTER UPDATE OF kind, sealed_secret ON second_factors BEGIN
        DELETE FROM factor_sets WHERE user_id = NEW.user_id;
    END;
    CREATE TRIGGER factor_sets_none AFTER DELETE ON second_factors BEGIN
        DELETE FROM factor_sets WHERE user_id = OLD.user_id;
    END;";

const POSTGRES: &str = "
    CREATE FUNCTION forget_factor_set() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            DELETE FROM factor_sets WHERE user_id = OLD.user_id;
        ELSE
            DELETE FROM factor_sets WHERE user_id = NEW.user_id;
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER factor_sets_changed AFTER INSERT OR UPDATE OF kind, sealed_secret OR DELETE ON second_factors
        FOR EACH ROW EXECUTE FUNCTION forget_factor_set();";

const SQLITE_DOWN: &str = "
    DROP TRIGGER factor_sets_new;
    DROP TRIGGER factor_sets_changed;
    DROP TRIGGER factor_sets_none;";

const POSTGRES_DOWN: &str = "
    DROP TRIGGER factor_sets_changed ON second_factors;
    DROP FUNCTION forget_factor_set;";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(create_table("factor_sets", FACTOR_SETS))
            .await?;
        manager
            .create_index(create_index("factor_sets", &["key_id", "user_id"], false))
            .await?;
        let triggers = if manager.get_database_backend() == DbBackend::Sqlite {
            SQLITE
        } else {
            POSTGRES
        };
        let database = manager.get_connection();
        database.execute_unprepared(triggers).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let triggers = if manager.get_database_backend() == DbBackend::Sqlite {
            SQLITE_DOWN
        } else {
            POSTGRES_DOWN
        };
        let database = manager.get_connection();
        database.execute_unprepared(triggers).await?;
        manager
            .drop_table(Table::drop().table(Alias::new("factor_sets")).to_owned())
            .await
    }
}

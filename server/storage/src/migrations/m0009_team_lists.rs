//! Lists of a team: name and kind of second factor stand beside each membership, in the order that pages show, so that
//! neither a count nor a page looks up every user of an account.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, create_index, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0009_team_lists"
    }
}

const COPIES: &[Column] = &[
    Column::required("user_name", ColumnKind::Text),
    Column::optional("factor_kind", ColumnKind::Text),
];

const INDEX: &[&str] = &["account_id", "user_name", "user_id", "factor_kind"];

const FILL: &str = "UPDATE memberships SET
    user_name = (SELECT name FROM users WHERE users.id = memberships.user_id),
    factor_kind = (SELECT kind FROM second_factors WHERE second_factors.user_id = memberships.user_id)";

/// The copies are kept by the database itself: a server of an earlier version that writes beside this one, during an
/// upgrade, keeps them too.
const SQLITE: &str = "
    CREATE TRIGGER memberships_copy AFTER INSERT ON memberships BEGIN
        UPDATE memberships SET
            user_name = COALESCE((SELECT name FROM users WHERE id = NEW.user_id), ''),
            factor_kind = (SELECT kind FROM second_factors WHERE user_id = NEW.user_id)
        WHERE account_id = NEW.account_id AND user_id = NEW.user_id;
    END;
    CREATE TRIGGER users_copy AFTER UPDATE OF name ON users WHEN OLD.name <> NEW.name BEGIN
        UPDATE memberships SET user_name = NEW.name WHERE user_id = NEW.id;
    END;
    CREATE TRIGGER second_factors_copy_new AFTER INSERT ON second_factors BEGIN
        UPDATE memberships SET factor_kind = NEW.kind WHERE user_id = NEW.user_id;
    END;
    CREATE TRIGGER second_factors_copy_kind AFTER UPDATE OF kind ON second_factors WHEN OLD.kind <> NEW.kind BEGIN
        UPDATE memberships SET factor_kind = NEW.kind WHERE user_id = NEW.user_id;
    END;
    CREATE TRIGGER second_factors_copy_none AFTER DELETE ON second_factors BEGIN
        UPDATE memberships SET factor_kind = NULL WHERE user_id = OLD.user_id;
    END;";

const POSTGRES: &str = "
    CREATE FUNCTION copy_to_membership() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.user_name := COALESCE((SELECT name FROM users WHERE id = NEW.user_id), '');
        NEW.factor_kind := (SELECT kind FROM second_factors WHERE user_id = NEW.user_id);
        RETURN NEW;
    END $$;
    CREATE FUNCTION copy_name() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE memberships SET user_name = NEW.name WHERE user_id = NEW.id;
        RETURN NULL;
    END $$;
    CREATE FUNCTION copy_factor() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            UPDATE memberships SET factor_kind = NULL WHERE user_id = OLD.user_id;
        ELSE
            UPDATE memberships SET factor_kind = NEW.kind WHERE user_id = NEW.user_id;
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER memberships_copy BEFORE INSERT ON memberships
        FOR EACH ROW EXECUTE FUNCTION copy_to_membership();
    CREATE TRIGGER users_copy AFTER UPDATE OF name ON users
        FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION copy_name();
    CREATE TRIGGER second_factors_copy AFTER INSERT OR UPDATE OF kind OR DELETE ON second_factors
        FOR EACH ROW EXECUTE FUNCTION copy_factor();";

const SQLITE_DOWN: &str = "
    DROP TRIGGER memberships_copy;
    DROP TRIGGER users_copy;
    DROP TRIGGER second_factors_copy_new;
    DROP TRIGGER second_factors_copy_kind;
    DROP TRIGGER second_factors_copy_none;";

const POSTGRES_DOWN: &str = "
    DROP TRIGGER memberships_copy ON memberships;
    DROP TRIGGER users_copy ON users;
    DROP TRIGGER second_factors_copy ON second_factors;
    DROP FUNCTION copy_to_membership;
    DROP FUNCTION copy_name;
    DROP FUNCTION copy_factor;";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "memberships", COPIES).await?;
        let database = manager.get_connection();
        database.execute_unprepared(FILL).await?;
        let triggers = if manager.get_database_backend() == DbBackend::Sqlite {
            SQLITE
        } else {
            POSTGRES
        };
        database.execute_unprepared(triggers).await?;
        manager
            .create_index(create_index("memberships", INDEX, false))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop()
            .name(format!("memberships_{}", INDEX.join("_")))
            .table(Alias::new("memberships"))
            .to_owned();
        manager.drop_index(index).await?;
        let triggers = if manager.get_database_backend() == DbBackend::Sqlite {
            SQLITE_DOWN
        } else {
            POSTGRES_DOWN
        };
        let database = manager.get_connection();
        database.execute_unprepared(triggers).await?;
        drop_columns(manager, "memberships", COPIES).await
    }
}

//! Who let a user set up a first factor, whether the user ever had one, and links of invitations that are handed over.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use super::columns::{Column, ColumnKind, add_columns, create_index, drop_columns};

/// See the module.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0022_allowances"
    }
}

const COLUMNS: &[(&str, &[Column])] = &[
    (
        "users",
        &[Column::required("had_factor", ColumnKind::Boolean)],
    ),
    // Both empty where the operator has let the user in, or a server of the version before has written the row.
    (
        "first_factor_allowances",
        &[
            Column::optional("account_id", ColumnKind::Uuid),
            Column::optional("allowed_by", ColumnKind::Uuid),
        ],
    ),
    // A column of its own, so that a server of the version before finds no invitation by a link that was handed over.
    (
        "invitations",
        &[Column::optional("handed_hash", ColumnKind::Binary)],
    ),
];

const INDEXES: &[(&str, &[&str], bool)] = &[
    ("first_factor_allowances", &["allowed_by"], false),
    ("invitations", &["handed_hash"], true),
];

/// Who has a factor, whose reset is not answered yet, and of whom the log says that a factor was there.
const FILL: &str = "UPDATE users SET had_factor = TRUE
    WHERE sign_in_link_due
    OR id IN (SELECT user_id FROM second_factors)
    OR id IN (SELECT actor_id FROM audit_events WHERE actor_id IS NOT NULL AND kind IN
        ('two_factor_enabled', 'sms_enabled', 'two_factor_replaced', 'two_factor_disabled', 'reset_confirmed'))
    OR id IN (SELECT subject_id FROM audit_events WHERE subject_id IS NOT NULL AND kind IN
        ('two_factor_imported', 'two_factor_reset'))";

/// Noted by the database itself: a server of the version before that turns a factor on beside this one notes it too.
const SQLITE: &str = "
    CREATE TRIGGER second_factors_note AFTER INSERT ON second_factors BEGIN
        UPDATE users SET had_factor = TRUE WHERE id = NEW.user_id;
    END;";

const POSTGRES: &str = "
    CREATE FUNCTION note_factor() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE users SET had_factor = TRUE WHERE id = NEW.user_id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER second_factors_note AFTER INSERT ON second_factors
        FOR EACH ROW EXECUTE FUNCTION note_factor();";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in COLUMNS {
            add_columns(manager, table, columns).await?;
        }
        let database = manager.get_connection();
        database.execute_unprepared(FILL).await?;
        let trigger = if manager.get_database_backend() == DbBackend::Sqlite {
            SQLITE
        } else {
            POSTGRES
        };
        database.execute_unprepared(trigger).await?;
        for (table, columns, unique) in INDEXES {
            manager
                .create_index(create_index(table, columns, *unique))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns, _) in INDEXES {
            let index = Index::drop()
                .name(format!("{table}_{}", columns.join("_")))
                .table(Alias::new(*table))
                .to_owned();
            manager.drop_index(index).await?;
        }
        let trigger = if manager.get_database_backend() == DbBackend::Sqlite {
            "DROP TRIGGER second_factors_note;"
        } else {
            "DROP TRIGGER second_factors_note ON second_factors; DROP FUNCTION note_factor;"
        };
        manager.get_connection().execute_unprepared(trigger).await?;
        for (table, columns) in COLUMNS {
            drop_columns(manager, table, columns).await?;
        }
        Ok(())
    }
}

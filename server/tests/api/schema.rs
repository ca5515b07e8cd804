//! Every table and every column that says how long something lasts, or by which token it is found, stands in the table of
//! what ends when. A new one that does not fails here.

use std::collections::BTreeSet;

use domain::ends::{Ephemeral, Occasion, ends_on, hangs_on_session};
use storage::ephemeral::{EphemeralTable, place};
use storage::{ConnectionTrait as _, Database, Location};

/// Tables whose rows last until somebody removes them.
const LASTING: [&str; 10] = [
    "accounts",
    "audit_events",
    "factor_sets",
    "instance",
    "memberships",
    // They hang on the row of their user in `second_factors`, and go with it.
    "passkeys",
    "recovery_codes",
    "second_factors",
    "seaql_migrations",
    "users",
];

/// Columns that look like an end or a token and are none, and why.
const NONE: [(&str, &str); 3] = [
    // What a spent code is known by; the set ends with the factor.
    ("recovery_codes", "code_hash"),
    // Passwords.
    ("pending_sign_ups", "password_hash"),
    ("users", "password_hash"),
];

/// How the names of columns end that limit a row, or find it by a secret.
const TELLING: [&str; 7] = [
    "expires_at",
    "ends_at",
    "due_at",
    "next_try_at",
    "until",
    "_hash",
    "_token",
];

async fn rows(database: &Database, sql: String) -> Vec<String> {
    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, sql);
    let rows = database.read().query_all_raw(statement).await.unwrap();
    let names = rows.iter().map(|row| row.try_get("", "name").unwrap());
    names.collect()
}

async fn schema() -> Vec<(String, Vec<String>)> {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("schema.db"));
    let database = Database::open(&location).await.unwrap();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut schema = Vec::new();
    for table in rows(&database, tables.to_owned()).await {
        let columns = format!("SELECT name FROM pragma_table_info('{table}')");
        let columns = rows(&database, columns).await;
        schema.push((table, columns));
    }
    schema
}

#[tokio::test]
async fn what_does_not_last_is_in_the_table_of_what_ends_when() {
    let places: Vec<EphemeralTable> = Ephemeral::ALL.map(place).into_iter().collect();
    let schema = schema().await;
    assert!(schema.len() > 20, "the schema is read");
    let mut missing = Vec::new();
    for (table, columns) in &schema {
        let of_table: Vec<_> = places
            .iter()
            .filter(|place| place.table == table.as_str())
            .collect();
        if of_table.is_empty() && !LASTING.contains(&table.as_str()) {
            missing.push(format!("table {table}"));
        }
        let stated: BTreeSet<&str> = of_table
            .iter()
            .flat_map(|place| {
                let moments = place.moments.iter().map(|(column, _)| *column);
                moments.chain(place.tokens.iter().copied())
            })
            .collect();
        let telling = columns.iter().filter(|column| {
            let is_none = NONE.contains(&(table.as_str(), column.as_str()));
            !is_none && TELLING.iter().any(|end| column.ends_with(end))
        });
        let unknown = telling.filter(|column| !stated.contains(column.as_str()));
        missing.extend(unknown.map(|column| format!("column {table}.{column}")));
    }
    assert!(
        missing.is_empty(),
        "`domain::ends::Ephemeral` and `storage::ephemeral::place` do not know {missing:#?}"
    );
}

#[tokio::test]
async fn what_the_table_names_is_in_the_schema() {
    let schema = schema().await;
    for what in Ephemeral::ALL {
        let place = place(what);
        let found = schema.iter().find(|(table, _)| table == place.table);
        let (_, columns) = found.unwrap_or_else(|| panic!("{what:?}: no table {}", place.table));
        let moments = place.moments.iter().map(|(column, _)| *column);
        let named = moments
            .chain(place.tokens.iter().copied())
            .chain(place.user);
        for column in named {
            let is_there = columns.iter().any(|there| there == column);
            assert!(is_there, "{what:?}: no column {}.{column}", place.table);
        }
    }
}

/// A row that names a session is of no use without it.
#[tokio::test]
async fn what_names_a_session_is_known_to_hang_on_it() {
    let schema = schema().await;
    let mut tables = BTreeSet::new();
    for (table, columns) in &schema {
        let names_one = |column: &String| ["session_id", "bound_to"].contains(&column.as_str());
        if columns.iter().any(names_one) {
            tables.insert(table.as_str());
        }
    }
    let hanging = Ephemeral::ALL.into_iter();
    let hanging = hanging.filter(|what| hangs_on_session(*what));
    let mut known: BTreeSet<_> = hanging.map(|what| place(what).table).collect();
    // A note that a session was somewhere; it opens nothing.
    known.insert("account_entries");
    assert_eq!(tables, known);
}

/// Whoever is shut out keeps nothing of what leads in, and a backup brings nothing of it back.
#[test]
fn nothing_of_a_user_outlives_being_shut_out() {
    let of_users = Ephemeral::ALL.into_iter();
    for what in of_users.filter(|what| place(*what).user.is_some()) {
        // The one that stays: a lost address leads nobody in who could not get in by another one, and the letters that wait for
        // its user, who must not get them there, are known by it alone.
        let ends = what != Ephemeral::LostAddresses;
        for occasion in [
            Occasion::UserDisabled,
            Occasion::UserDeleted,
            Occasion::PasswordReset,
            Occasion::Restored,
        ] {
            let ended = ends_on(occasion).iter().any(|(ended, _)| *ended == what);
            assert_eq!(ended, ends, "{occasion:?} and {what:?}");
        }
    }
}

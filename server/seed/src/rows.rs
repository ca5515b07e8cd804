//! Bulk inserts. What the rows contain is decided by whoever calls.

use sea_orm::sea_query::{Alias, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use app::types::factors::FactorKind;
use app::types::timestamp::Timestamp;
use storage::Stored;
use storage::factor_sets::FactorSet;

/// Rows of one statement: SQLite takes 32,766 values (`SQLITE_MAX_VARIABLE_NUMBER`).
const ROWS: usize = 1000;

/// One row: its columns with their values.
type Row<const N: usize> = [(&'static str, Value); N];

/// A user with what belongs to them.
pub struct SeededUser {
    /// Who.
    pub id: Uuid,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The account they belong to.
    pub account: Uuid,
    /// The name of that account, where they own it.
    pub owns: Option<String>,
    /// The sealed secret of their app and the id of its key, where they have one.
    pub secret: Option<(Vec<u8>, String)>,
    /// The tag over their factors.
    pub factor_set: FactorSet,
    /// Id and token hash of their session, where they have one.
    pub session: Option<(Uuid, Vec<u8>)>,
    /// Ids of the two lines of the log that they are in.
    pub lines: [Uuid; 2],
}

/// Adds users, their accounts, factors, sessions and lines of the log.
pub async fn insert_seeded(
    db: &impl ConnectionTrait,
    users: &[SeededUser],
    password_hash: &str,
    now: Timestamp,
) -> Stored<()> {
    let now = now.seconds();
    let rows = users.iter().map(|one| user_row(one, password_hash, now));
    insert(db, "users", rows).await?;
    let rows = users.iter().filter_map(|one| account_row(one, now));
    insert(db, "accounts", rows).await?;
    let rows = users.iter().map(|one| membership_row(one, now));
    insert(db, "memberships", rows).await?;
    let rows = users.iter().filter_map(|one| factor_row(one, now));
    insert(db, "second_factors", rows).await?;
    // After the factors, whose change forgets them.
    insert(db, "factor_sets", users.iter().map(set_row)).await?;
    let rows = users.iter().filter_map(|one| session_row(one, now));
    insert(db, "sessions", rows).await?;
    let rows = users.iter().flat_map(|one| lines(one, now));
    insert(db, "audit_events", rows).await
}

async fn insert<const N: usize>(
    db: &impl ConnectionTrait,
    table: &str,
    rows: impl Iterator<Item = Row<N>>,
) -> Stored<()> {
    let mut rows = rows.peekable();
    while let Some(first) = rows.peek() {
        let columns = first.iter().map(|(column, _)| Alias::new(*column));
        let mut statement = Query::insert();
        statement.into_table(Alias::new(table)).columns(columns);
        for row in rows.by_ref().take(ROWS) {
            let values = row.map(|(_, value)| SimpleExpr::from(value));
            statement.values_panic(values);
        }
        db.execute(&statement).await?;
    }
    Ok(())
}

fn user_row(one: &SeededUser, password_hash: &str, now: i64) -> Row<10> {
    [
        ("id", one.id.into()),
        ("email", one.email.clone().into()),
        ("name", one.name.clone().into()),
        ("password_hash", password_hash.into()),
        ("created_at", now.into()),
        ("password_changed_at", now.into()),
        ("email_verified_at", now.into()),
        ("factor_failures", 0.into()),
        ("sign_in_link_due", false.into()),
        ("last_active_at", now.into()),
    ]
}

fn account_row(one: &SeededUser, now: i64) -> Option<Row<7>> {
    Some([
        ("id", one.account.into()),
        ("name", one.owns.clone()?.into()),
        ("created_at", now.into()),
        ("owner_id", one.id.into()),
        ("trusted_browsers_allowed", true.into()),
        ("sms_counts", false.into()),
        ("settings_version", 1.into()),
    ])
}

fn membership_row(one: &SeededUser, now: i64) -> Row<5> {
    [
        ("account_id", one.account.into()),
        ("user_id", one.id.into()),
        ("roles", 0.into()),
        ("joined_at", now.into()),
        ("last_used_at", now.into()),
    ]
}

fn factor_row(one: &SeededUser, now: i64) -> Option<Row<6>> {
    let (sealed_secret, key_id) = one.secret.clone()?;
    Some([
        ("user_id", one.id.into()),
        ("kind", FactorKind::App.word().into()),
        ("sealed_secret", sealed_secret.into()),
        ("key_id", key_id.into()),
        ("enabled_at", now.into()),
        ("last_step", 0_i64.into()),
    ])
}

fn set_row(one: &SeededUser) -> Row<4> {
    [
        ("user_id", one.id.into()),
        ("stamp", one.factor_set.stamp.clone().into()),
        ("tag", one.factor_set.tag.clone().into()),
        ("key_id", one.factor_set.key_id.clone().into()),
    ]
}

fn session_row(one: &SeededUser, now: i64) -> Option<Row<9>> {
    let (id, token_hash) = one.session.clone()?;
    Some([
        ("token_hash", token_hash.into()),
        ("id", id.into()),
        ("user_id", one.id.into()),
        ("created_at", now.into()),
        ("last_active_at", now.into()),
        ("step_up_failures", 0.into()),
        ("address", "192.0.2.1".into()),
        ("browser", "Seeded".into()),
        ("last_address", "".into()),
    ])
}

/// Joining their account and signing in.
fn lines(one: &SeededUser, now: i64) -> [Row<11>; 2] {
    let line = |id: Uuid, kind: &str, account: Option<Uuid>| {
        [
            ("id", id.into()),
            ("at", now.into()),
            ("kind", kind.into()),
            ("actor_kind", "user".into()),
            ("actor_id", one.id.into()),
            ("actor_name", one.name.clone().into()),
            ("account_id", account.into()),
            ("subject_name", "".into()),
            ("address", "192.0.2.1".into()),
            ("browser", "Seeded".into()),
            ("details", "".into()),
        ]
    };
    [
        line(one.lines[0], "joined", Some(one.account)),
        line(one.lines[1], "signed_in", None),
    ]
}

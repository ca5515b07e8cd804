//! The one row that says what this database is, proves that the keys fit, and holds the set-up link.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter,
    QuerySelect, Statement,
};

use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::instance::{ActiveModel, Column, Entity};

const APPLICATION: &str = "twofold";
const THE_ROW: i32 = 1;

/// What the instance row says in every version of the schema.
pub struct Instance {
    /// A known text under the key that was current when the database was made or last re-sealed.
    pub key_check: Vec<u8>,
}

/// The set-up link, while no user exists.
pub struct StoredLink {
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// What the token was made from; none where an earlier version made the link.
    pub made: Option<SetupSeed>,
}

/// What the token of a set-up link is made from, together with the keys.
pub struct SetupSeed {
    /// Random bytes.
    pub seed: Vec<u8>,
    /// When they were drawn.
    pub made_at: Timestamp,
}

/// The instance, unless the database is new. It is also looked for in a database whose steps are still due.
pub async fn find_instance(db: &impl ConnectionTrait) -> Stored<Option<Instance>> {
    let row: Option<Vec<u8>> = Entity::find_by_id(THE_ROW)
        .select_only()
        .column(Column::KeyCheck)
        .into_tuple()
        .one(db)
        .await?;
    Ok(row.map(|key_check| Instance { key_check }))
}

/// The set-up link, where there is one.
pub async fn find_setup_link(db: &impl ConnectionTrait) -> Stored<Option<StoredLink>> {
    let Some(row) = Entity::find_by_id(THE_ROW).one(db).await? else {
        return Ok(None);
    };
    let made = row.setup_link_seed.zip(row.setup_link_made_at);
    Ok(row.setup_token_hash.map(|token_hash| StoredLink {
        token_hash,
        made: made.map(|(seed, made_at)| SetupSeed {
            seed,
            made_at: Timestamp(made_at),
        }),
    }))
}

/// Whether this is a database that was begun under the rule that mail server and PostgreSQL are spoken to by TLS.
pub async fn requires_tls(db: &impl ConnectionTrait) -> Stored<bool> {
    let row = Entity::find_by_id(THE_ROW).one(db).await?;
    Ok(row.and_then(|row| row.requires_tls).unwrap_or(false))
}

/// Marks a new database as ours.
pub async fn insert_instance(
    db: &impl ConnectionTrait,
    key_check: Vec<u8>,
    now: Timestamp,
) -> Stored<()> {
    let row = ActiveModel {
        id: Set(THE_ROW),
        application: Set(APPLICATION.to_owned()),
        created_at: Set(now.seconds()),
        key_check: Set(key_check),
        setup_token_hash: Set(None),
        setup_link_seed: Set(None),
        setup_link_made_at: Set(None),
        requires_tls: Set(Some(true)),
        bounds_log: Set(Some(true)),
        steady_since: Set(None),
        steady_seen_at: Set(None),
        challenge_epoch: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The sealed key check, whose key is the one that seals. On PostgreSQL the row is shared until the transaction ends:
/// another key takes over before or after what this transaction seals, not while.
pub async fn share_key_check(db: &impl ConnectionTrait) -> Stored<Option<Vec<u8>>> {
    let row = Entity::find_by_id(THE_ROW).lock_shared().one(db).await?;
    Ok(row.map(|row| row.key_check))
}

/// The same, for the one who changes which key seals, or takes a key away: nobody seals until the transaction ends.
pub async fn lock_key_check(db: &impl ConnectionTrait) -> Stored<Option<Vec<u8>>> {
    let row = Entity::find_by_id(THE_ROW).lock_exclusive().one(db).await?;
    Ok(row.map(|row| row.key_check))
}

/// Seals the key check again; its key is the current one from here on.
pub async fn replace_key_check(db: &impl ConnectionTrait, key_check: Vec<u8>) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::KeyCheck, Expr::value(key_check))
        .filter(Column::Id.eq(THE_ROW))
        .exec(db)
        .await?;
    Ok(())
}

/// What is part of each challenge of a key besides; empty until the first restore.
pub async fn find_challenge_epoch(db: &impl ConnectionTrait) -> Stored<Vec<u8>> {
    let row = Entity::find_by_id(THE_ROW).one(db).await?;
    Ok(row.and_then(|row| row.challenge_epoch).unwrap_or_default())
}

/// Renews it: no challenge of before is good any more.
pub async fn set_challenge_epoch(db: &impl ConnectionTrait, epoch: [u8; 16]) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::ChallengeEpoch, Expr::value(epoch.to_vec()))
        .filter(Column::Id.eq(THE_ROW))
        .exec(db)
        .await?;
    Ok(())
}

/// Sets the set-up link; an earlier one is dead.
pub async fn set_setup_link(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    made: SetupSeed,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::SetupLinkSeed, Expr::value(made.seed))
        .col_expr(Column::SetupLinkMadeAt, Expr::value(made.made_at.seconds()))
        .col_expr(Column::SetupTokenHash, Expr::value(token_hash.to_vec()))
        .filter(Column::Id.eq(THE_ROW))
        .exec(db)
        .await?;
    Ok(())
}

/// Spends the set-up link: true for the one who came first with the right one.
pub async fn spend_setup_link(db: &impl ConnectionTrait, token_hash: &[u8]) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::SetupTokenHash, Expr::value(Option::<Vec<u8>>::None))
        .filter(Column::Id.eq(THE_ROW))
        .filter(Column::SetupTokenHash.eq(token_hash.to_vec()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Whether a table of this name exists.
pub(super) async fn has_table(db: &impl ConnectionTrait, name: &str) -> Stored<bool> {
    Ok(table_names(db).await?.iter().any(|table| table == name))
}

/// Whether the database has any table.
pub(super) async fn has_tables(db: &impl ConnectionTrait) -> Stored<bool> {
    Ok(!table_names(db).await?.is_empty())
}

async fn table_names(db: &impl ConnectionTrait) -> Stored<Vec<String>> {
    let backend = db.get_database_backend();
    let mut query = Query::select();
    if backend == DbBackend::Sqlite {
        query
            .column(Alias::new("name"))
            .from(Alias::new("sqlite_master"))
            .and_where(Expr::col(Alias::new("type")).eq("table"))
            .and_where(Expr::col(Alias::new("name")).not_like("sqlite_%"));
    } else {
        query
            .expr_as(
                Expr::col(Alias::new("tablename")).cast_as("text"),
                Alias::new("name"),
            )
            .from(Alias::new("pg_tables"))
            .and_where(Expr::cust("schemaname = current_schema()"));
    }
    let statement: Statement = backend.build(&query);
    let rows = db.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| Ok(row.try_get("", "name")?))
        .collect()
}

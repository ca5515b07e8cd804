//! All sealed values of all tables, for code that counts them, opens them or seals them again.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use app::types::factors::{CodeFactorKind, FactorKind};

use super::Stored;
use super::entity::{enrolment, factor_set, mail, second_factor};
use super::instance::has_table;
use domain::factors::FactorKinds;

/// A table with sealed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SealedTable {
    /// Set-ups that are not finished.
    Enrolments,
    /// Second factors in use.
    SecondFactors,
    /// Tags over the second factors of each user.
    FactorSets,
    /// Mails that wait.
    Mails,
}

impl SealedTable {
    /// All of them. What is set up moves from enrolments to second factors: in this order it is met in one or the other.
    pub const ALL: [Self; 4] = [
        Self::Enrolments,
        Self::SecondFactors,
        Self::FactorSets,
        Self::Mails,
    ];

    /// What the database calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enrolments => "enrolments",
            Self::SecondFactors => "second_factors",
            Self::FactorSets => "factor_sets",
            Self::Mails => "mails",
        }
    }
}

/// What a sealed value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The secret of an app, or a number.
    Factor(CodeFactorKind),
    /// Nothing: the user has keys alone, of which nothing is secret.
    Nothing,
    /// A tag over the factors of a user; it is computed again rather than opened.
    FactorSet {
        /// What the tag was computed with besides the factors.
        stamp: Vec<u8>,
    },
    /// A mail.
    Mail,
    /// The row does not say what, in a word of ours: nothing opens it.
    Unknown,
}

/// A sealed value.
pub struct SealedRow {
    /// What it is.
    pub holds: Holds,
    /// The id that it is bound to: of a user, or of a mail.
    pub id: Uuid,
    /// The bytes.
    pub sealed: Vec<u8>,
    /// The name of a key in the row. It is an index: under which key the value is, the value says.
    pub key_id: String,
}

/// The next sealed values of a table after an id; without those whose rows name one of these keys, and name what the value itself
/// says.
pub async fn next_sealed(
    db: &impl ConnectionTrait,
    table: SealedTable,
    after: Option<Uuid>,
    not_named: &[String],
    most: u64,
) -> Stored<Vec<SealedRow>> {
    let wanted = Wanted::After {
        id: after.unwrap_or(Uuid::nil()),
        not_named,
        most,
    };
    find(db, table, wanted).await
}

/// The sealed value of one row.
pub async fn find_sealed(
    db: &impl ConnectionTrait,
    table: SealedTable,
    id: Uuid,
) -> Stored<Option<SealedRow>> {
    Ok(find(db, table, Wanted::One(id)).await?.pop())
}

/// Which rows of a table are wanted.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    /// So many after an id, in the order of ids, without those that name one of these keys.
    After {
        id: Uuid,
        not_named: &'a [String],
        most: u64,
    },
    /// That of an id.
    One(Uuid),
}

async fn find(
    db: &impl ConnectionTrait,
    table: SealedTable,
    wanted: Wanted<'_>,
) -> Stored<Vec<SealedRow>> {
    match table {
        SealedTable::Enrolments => {
            let rows = rows::<enrolment::Entity>(db, wanted).await?;
            Ok(rows.into_iter().map(of_enrolment).collect())
        }
        SealedTable::SecondFactors => {
            let rows = rows::<second_factor::Entity>(db, wanted).await?;
            Ok(rows.into_iter().map(of_factor).collect())
        }
        // A schema of before has none; what looks at one as it is must not fail.
        SealedTable::FactorSets if !has_table(db, "factor_sets").await? => Ok(Vec::new()),
        SealedTable::FactorSets => {
            let rows = rows::<factor_set::Entity>(db, wanted).await?;
            Ok(rows.into_iter().map(of_set).collect())
        }
        SealedTable::Mails => {
            let rows = rows::<mail::Entity>(db, wanted).await?;
            Ok(rows.into_iter().map(of_mail).collect())
        }
    }
}

/// An entity with a sealed value in each row.
trait Sealing: EntityTrait {
    const ID: Self::Column;
    const SEALED: Self::Column;
    const KEY: Self::Column;
    /// Whether the bytes say themselves under which key they are. A tag does not.
    const SAYS_KEY: bool;
}

macro_rules! sealing {
    ($($entity:ident: $id:ident, $sealed:ident, $says:expr;)+) => {
        $(impl Sealing for $entity::Entity {
            const ID: $entity::Column = $entity::Column::$id;
            const SEALED: $entity::Column = $entity::Column::$sealed;
            const KEY: $entity::Column = $entity::Column::KeyId;
            const SAYS_KEY: bool = $says;
        })+
    };
}

sealing! {
    enrolment: UserId, SealedSecret, true;
    second_factor: UserId, SealedSecret, true;
    factor_set: UserId, Tag, false;
    mail: Id, SealedMail, true;
}

async fn rows<E: Sealing>(db: &impl ConnectionTrait, wanted: Wanted<'_>) -> Stored<Vec<E::Model>> {
    let query = match wanted {
        Wanted::One(id) => E::find().filter(E::ID.eq(id)),
        Wanted::After {
            id,
            not_named,
            most,
        } => {
            let mut query = E::find().filter(E::ID.gt(id));
            if !not_named.is_empty() {
                let other = E::KEY.is_not_in(not_named.iter().map(String::as_str));
                let misnamed = E::SAYS_KEY.then(|| is_misnamed::<E>(db.get_database_backend()));
                query = query.filter(Condition::any().add(other).add_option(misnamed));
            }
            query.order_by_asc(E::ID).limit(most)
        }
    };
    Ok(query.all(db).await?)
}

async fn replace<E: Sealing>(
    db: &impl ConnectionTrait,
    read: &SealedRow,
    (sealed, key_id): (Vec<u8>, &str),
) -> Stored<bool> {
    let done = E::update_many()
        .col_expr(E::SEALED, Expr::value(sealed))
        .col_expr(E::KEY, Expr::value(key_id))
        .filter(E::ID.eq(read.id))
        .filter(E::SEALED.eq(read.sealed.clone()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

async fn count<E: Sealing>(db: &impl ConnectionTrait) -> Stored<Vec<(String, i64)>> {
    let query = E::find().select_only().column(E::KEY).group_by(E::KEY);
    let query = query.column_as(E::ID.count(), "values");
    Ok(query.into_tuple().all(db).await?)
}

fn of_enrolment(row: enrolment::Model) -> SealedRow {
    SealedRow {
        holds: match row.purpose.as_str() {
            "enable" | "replace" => Holds::Factor(CodeFactorKind::App),
            "sms" => Holds::Factor(CodeFactorKind::Sms),
            "passkey" | "security_key" => Holds::Nothing,
            _ => Holds::Unknown,
        },
        id: row.user_id,
        sealed: row.sealed_secret,
        key_id: row.key_id,
    }
}

fn holds(kinds: FactorKinds) -> Holds {
    if kinds.is_unreadable() {
        return Holds::Unknown;
    }
    let code = kinds.iter().find_map(FactorKind::code);
    code.map_or(Holds::Nothing, Holds::Factor)
}

fn of_factor(row: second_factor::Model) -> SealedRow {
    SealedRow {
        holds: holds(FactorKinds::of_word(&row.kind)),
        id: row.user_id,
        sealed: row.sealed_secret,
        key_id: row.key_id,
    }
}

fn of_set(row: factor_set::Model) -> SealedRow {
    SealedRow {
        holds: Holds::FactorSet { stamp: row.stamp },
        id: row.user_id,
        sealed: row.tag,
        key_id: row.key_id,
    }
}

fn of_mail(row: mail::Model) -> SealedRow {
    SealedRow {
        holds: Holds::Mail,
        id: row.id,
        sealed: row.sealed_mail,
        key_id: row.key_id,
    }
}

/// Replaces a value that was read by the same value sealed again; false when the value has changed meanwhile.
pub async fn replace_sealed(
    db: &impl ConnectionTrait,
    table: SealedTable,
    read: &SealedRow,
    sealed: Vec<u8>,
    key_id: &str,
) -> Stored<bool> {
    let again = (sealed, key_id);
    match table {
        SealedTable::Enrolments => replace::<enrolment::Entity>(db, read, again).await,
        SealedTable::SecondFactors => replace::<second_factor::Entity>(db, read, again).await,
        SealedTable::FactorSets => replace::<factor_set::Entity>(db, read, again).await,
        SealedTable::Mails => replace::<mail::Entity>(db, read, again).await,
    }
}

/// How many values of a table name none of these keys. Each gap between two keys is a range of the index, so that a database in
/// which all is well is not walked through, and one with many invented names is read once.
pub async fn count_under_others(
    db: &impl ConnectionTrait,
    table: SealedTable,
    keys: &[String],
) -> Stored<u64> {
    match table {
        SealedTable::Enrolments => count_others::<enrolment::Entity>(db, keys).await,
        SealedTable::SecondFactors => count_others::<second_factor::Entity>(db, keys).await,
        SealedTable::FactorSets if !has_table(db, "factor_sets").await? => Ok(0),
        SealedTable::FactorSets => count_others::<factor_set::Entity>(db, keys).await,
        SealedTable::Mails => count_others::<mail::Entity>(db, keys).await,
    }
}

/// How many rows of a table name another key than their values do. The values are read for that, in the database.
pub async fn count_misnamed(db: &impl ConnectionTrait, table: SealedTable) -> Stored<u64> {
    match table {
        SealedTable::Enrolments => misnamed::<enrolment::Entity>(db).await,
        SealedTable::SecondFactors => misnamed::<second_factor::Entity>(db).await,
        SealedTable::FactorSets => Ok(0),
        SealedTable::Mails => misnamed::<mail::Entity>(db).await,
    }
}

async fn misnamed<E>(db: &impl ConnectionTrait) -> Stored<u64>
where
    E: Sealing,
    E::Model: Sync,
{
    let found = E::find().filter(is_misnamed::<E>(db.get_database_backend()));
    Ok(found.count(db).await?)
}

/// The keys that the values of a table say they are under. It reads no column but theirs, so that a schema of before is read, too.
pub async fn keys_of_values(db: &impl ConnectionTrait, table: SealedTable) -> Stored<Vec<String>> {
    match table {
        SealedTable::Enrolments => said::<enrolment::Entity>(db).await,
        SealedTable::SecondFactors => said::<second_factor::Entity>(db).await,
        SealedTable::FactorSets => Ok(Vec::new()),
        SealedTable::Mails => said::<mail::Entity>(db).await,
    }
}

async fn said<E: Sealing>(db: &impl ConnectionTrait) -> Stored<Vec<String>> {
    let key = key_in_value::<E>(db.get_database_backend());
    let keys: Vec<Option<String>> = E::find()
        .select_only()
        .column_as(key, "said")
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    Ok(keys.into_iter().flatten().collect())
}

fn is_misnamed<E: Sealing>(backend: DbBackend) -> Expr {
    key_in_value::<E>(backend).ne(E::KEY.into_expr())
}

/// The key that a sealed value names, as text: four bytes behind the one of the format (`crypto::seal`).
fn key_in_value<E: Sealing>(backend: DbBackend) -> Expr {
    let four = Func::cust(Alias::new("substr"))
        .arg(E::SEALED.into_expr())
        .arg(Expr::cust("2"))
        .arg(Expr::cust("4"));
    let text = match backend {
        DbBackend::Postgres => Func::cust(Alias::new("encode"))
            .arg(four)
            .arg(Expr::cust("'hex'")),
        _ => Func::lower(Func::cust(Alias::new("hex")).arg(four)),
    };
    Expr::expr(text)
}

async fn count_others<E>(db: &impl ConnectionTrait, keys: &[String]) -> Stored<u64>
where
    E: Sealing,
    E::Model: Sync,
{
    let mut keys = keys.to_vec();
    keys.sort();
    let from = [None].into_iter().chain(keys.iter().map(Some));
    let to = keys.iter().map(Some).chain([None]);
    let mut found = 0;
    for (from, to) in from.zip(to) {
        let mut between = E::find();
        if let Some(from) = from {
            between = between.filter(E::KEY.gt(from.as_str()));
        }
        if let Some(to) = to {
            between = between.filter(E::KEY.lt(to.as_str()));
        }
        found += between.count(db).await?;
    }
    Ok(found)
}

/// How many values of a table are under each key, in the order of ids of keys.
pub async fn count_by_key(
    db: &impl ConnectionTrait,
    table: SealedTable,
) -> Stored<Vec<(String, i64)>> {
    let mut counts = match table {
        SealedTable::Enrolments => count::<enrolment::Entity>(db).await?,
        SealedTable::SecondFactors => count::<second_factor::Entity>(db).await?,
        SealedTable::FactorSets if !has_table(db, "factor_sets").await? => Vec::new(),
        SealedTable::FactorSets => count::<factor_set::Entity>(db).await?,
        SealedTable::Mails => count::<mail::Entity>(db).await?,
    };
    counts.sort();
    Ok(counts)
}

/// Removes a value that nobody can open, of a table whose rows nobody needs.
pub async fn delete_sealed(db: &impl ConnectionTrait, table: SealedTable, id: Uuid) -> Stored<()> {
    match table {
        SealedTable::Enrolments => {
            enrolment::Entity::delete_by_id(id).exec(db).await?;
        }
        SealedTable::Mails => {
            mail::Entity::delete_by_id(id).exec(db).await?;
        }
        // These end with the factor of their user.
        SealedTable::SecondFactors | SealedTable::FactorSets => {}
    }
    Ok(())
}

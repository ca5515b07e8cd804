//! All sealed values of all tables, for code that counts them, opens them or seals them again.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use app::types::factors::FactorKind;

use super::entity::{enrolment, factor_set, mail, second_factor};
use super::instance::has_table;
use super::{StorageError, Stored};

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
}

/// What a sealed value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The secret of an app, or a number.
    Factor(FactorKind),
    /// A tag over the factors of a user; it is computed again rather than opened.
    FactorSet,
    /// A mail.
    Mail,
}

/// A sealed value.
pub struct SealedRow {
    /// What it is.
    pub holds: Holds,
    /// The id that it is bound to: of a user, or of a mail.
    pub id: Uuid,
    /// The bytes.
    pub sealed: Vec<u8>,
    /// The key, as the row has it.
    pub key_id: String,
}

/// The next sealed values of a table after an id; without those under one key, where asked.
pub async fn next_sealed(
    db: &impl ConnectionTrait,
    table: SealedTable,
    after: Option<Uuid>,
    not_under: Option<&str>,
    most: u64,
) -> Stored<Vec<SealedRow>> {
    let after = after.unwrap_or(Uuid::nil());
    match table {
        SealedTable::Enrolments => {
            use enrolment::Column;
            let mut query = enrolment::Entity::find().filter(Column::UserId.gt(after));
            if let Some(key) = not_under {
                query = query.filter(Column::KeyId.ne(key));
            }
            let rows = query.order_by_asc(Column::UserId).limit(most);
            rows.all(db).await?.into_iter().map(of_enrolment).collect()
        }
        SealedTable::SecondFactors => {
            use second_factor::Column;
            let mut query = second_factor::Entity::find().filter(Column::UserId.gt(after));
            if let Some(key) = not_under {
                query = query.filter(Column::KeyId.ne(key));
            }
            let rows = query.order_by_asc(Column::UserId).limit(most);
            rows.all(db).await?.into_iter().map(of_factor).collect()
        }
        // A schema of before has none; what looks at one as it is must not fail.
        SealedTable::FactorSets if !has_table(db, "factor_sets").await? => Ok(Vec::new()),
        SealedTable::FactorSets => {
            use factor_set::Column;
            let mut query = factor_set::Entity::find().filter(Column::UserId.gt(after));
            if let Some(key) = not_under {
                query = query.filter(Column::KeyId.ne(key));
            }
            let rows = query.order_by_asc(Column::UserId).limit(most);
            Ok(rows.all(db).await?.into_iter().map(of_set).collect())
        }
        SealedTable::Mails => {
            use mail::Column;
            let mut query = mail::Entity::find().filter(Column::Id.gt(after));
            if let Some(key) = not_under {
                query = query.filter(Column::KeyId.ne(key));
            }
            let rows = query.order_by_asc(Column::Id).limit(most);
            Ok(rows.all(db).await?.into_iter().map(of_mail).collect())
        }
    }
}

fn of_enrolment(row: enrolment::Model) -> Stored<SealedRow> {
    let kind = match row.purpose.as_str() {
        "enable" | "replace" => FactorKind::App,
        "sms" => FactorKind::Sms,
        _ => {
            return Err(StorageError::Inconsistent {
                table: "enrolments",
                column: "purpose",
            });
        }
    };
    Ok(SealedRow {
        holds: Holds::Factor(kind),
        id: row.user_id,
        sealed: row.sealed_secret,
        key_id: row.key_id,
    })
}

fn of_factor(row: second_factor::Model) -> Stored<SealedRow> {
    Ok(SealedRow {
        holds: Holds::Factor(super::factors::kind_of(&row.kind)?),
        id: row.user_id,
        sealed: row.sealed_secret,
        key_id: row.key_id,
    })
}

fn of_set(row: factor_set::Model) -> SealedRow {
    SealedRow {
        holds: Holds::FactorSet,
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
    let old = read.sealed.clone();
    let done = match table {
        SealedTable::Enrolments => {
            use enrolment::Column;
            enrolment::Entity::update_many()
                .col_expr(Column::SealedSecret, Expr::value(sealed))
                .col_expr(Column::KeyId, Expr::value(key_id))
                .filter(Column::UserId.eq(read.id))
                .filter(Column::SealedSecret.eq(old))
                .exec(db)
                .await?
        }
        SealedTable::SecondFactors => {
            use second_factor::Column;
            second_factor::Entity::update_many()
                .col_expr(Column::SealedSecret, Expr::value(sealed))
                .col_expr(Column::KeyId, Expr::value(key_id))
                .filter(Column::UserId.eq(read.id))
                .filter(Column::SealedSecret.eq(old))
                .exec(db)
                .await?
        }
        SealedTable::FactorSets => {
            use factor_set::Column;
            factor_set::Entity::update_many()
                .col_expr(Column::Tag, Expr::value(sealed))
                .col_expr(Column::KeyId, Expr::value(key_id))
                .filter(Column::UserId.eq(read.id))
                .filter(Column::Tag.eq(old))
                .exec(db)
                .await?
        }
        SealedTable::Mails => {
            use mail::Column;
            mail::Entity::update_many()
                .col_expr(Column::SealedMail, Expr::value(sealed))
                .col_expr(Column::KeyId, Expr::value(key_id))
                .filter(Column::Id.eq(read.id))
                .filter(Column::SealedMail.eq(old))
                .exec(db)
                .await?
        }
    };
    Ok(done.rows_affected == 1)
}

/// Which keys second factors are under, in the order of ids: one look into the index for each, however many users there are.
pub async fn keys_of_factors(db: &impl ConnectionTrait) -> Stored<Vec<String>> {
    use second_factor::Column;
    let mut keys = Vec::<String>::new();
    loop {
        let last = keys.last().map_or("", String::as_str);
        let next: Option<String> = second_factor::Entity::find()
            .select_only()
            .column(Column::KeyId)
            .filter(Column::KeyId.gt(last))
            .order_by_asc(Column::KeyId)
            .limit(1)
            .into_tuple()
            .one(db)
            .await?;
        match next {
            Some(key) => keys.push(key),
            None => return Ok(keys),
        }
    }
}

/// How many values of a table are under each key, in the order of ids of keys.
pub async fn count_by_key(
    db: &impl ConnectionTrait,
    table: SealedTable,
) -> Stored<Vec<(String, i64)>> {
    let mut counts: Vec<(String, i64)> = match table {
        SealedTable::Enrolments => {
            use enrolment::Column;
            let query = enrolment::Entity::find().select_only();
            let query = query.column(Column::KeyId).group_by(Column::KeyId);
            let query = query.column_as(Column::UserId.count(), "values");
            query.into_tuple().all(db).await?
        }
        SealedTable::SecondFactors => {
            use second_factor::Column;
            let query = second_factor::Entity::find().select_only();
            let query = query.column(Column::KeyId).group_by(Column::KeyId);
            let query = query.column_as(Column::UserId.count(), "values");
            query.into_tuple().all(db).await?
        }
        SealedTable::FactorSets if !has_table(db, "factor_sets").await? => Vec::new(),
        SealedTable::FactorSets => {
            use factor_set::Column;
            let query = factor_set::Entity::find().select_only();
            let query = query.column(Column::KeyId).group_by(Column::KeyId);
            let query = query.column_as(Column::UserId.count(), "values");
            query.into_tuple().all(db).await?
        }
        SealedTable::Mails => {
            use mail::Column;
            let query = mail::Entity::find().select_only();
            let query = query.column(Column::KeyId).group_by(Column::KeyId);
            let query = query.column_as(Column::Id.count(), "values");
            query.into_tuple().all(db).await?
        }
    };
    counts.sort();
    Ok(counts)
}

/// Removes what a lost key has sealed, of a table whose rows nobody needs.
pub async fn delete_sealed(
    db: &impl ConnectionTrait,
    table: SealedTable,
    key_id: &str,
) -> Stored<()> {
    match table {
        SealedTable::Enrolments => {
            let of_key = enrolment::Entity::delete_many();
            let of_key = of_key.filter(enrolment::Column::KeyId.eq(key_id));
            of_key.exec(db).await?;
        }
        SealedTable::Mails => {
            let of_key = mail::Entity::delete_many().filter(mail::Column::KeyId.eq(key_id));
            of_key.exec(db).await?;
        }
        // These end with the factor of their user.
        SealedTable::SecondFactors | SealedTable::FactorSets => {}
    }
    Ok(())
}

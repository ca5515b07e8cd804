//! Checks the database after a start against what was acknowledged.

use std::collections::BTreeMap;
use std::path::Path;

use app::types::email::EmailAddress;
use app::types::ids::UserId;
use app::types::recovery_code::RecoveryCode;
use domain::recovery_codes;
use sea_orm::{QueryResult, Statement, Value};
use storage::users::find_user_by_email;
use storage::{ConnectionTrait as _, Database, Location};

use crate::person::{Factor, Person};

/// The kinds of lines that are counted.
const COUNTED: [&str; 10] = [
    "signed_in",
    "signed_in_with_code",
    "signed_in_with_recovery_code",
    "signed_out",
    "two_factor_enabled",
    "two_factor_disabled",
    "recovery_codes_replaced",
    "renamed",
    "trusted_browsers_allowed",
    "trusted_browsers_forbidden",
];

/// The database, beside the running server.
pub(crate) struct Truth(Database);

/// The id of a user.
pub(crate) async fn id_of(folder: &Path, email: &str) -> UserId {
    let truth = Truth::of(folder).await;
    let email = EmailAddress::parse(email).unwrap();
    let user = find_user_by_email(truth.0.read(), &email).await.unwrap();
    user.unwrap().id
}

impl Truth {
    pub(crate) async fn of(folder: &Path) -> Self {
        let location = Location::Sqlite(folder.join("twofold.db"));
        Self(Database::open(&location).await.unwrap())
    }

    async fn rows(&self, sql: &str, values: Vec<Value>) -> Vec<QueryResult> {
        let db = self.0.read();
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        db.query_all_raw(statement).await.unwrap()
    }

    async fn number(&self, sql: &str, values: Vec<Value>) -> i64 {
        let rows = self.rows(sql, values).await;
        rows[0].try_get_by_index(0).unwrap()
    }

    /// Mails that have not left, each with its id.
    pub(crate) async fn queued_mails(&self) -> Vec<(String, Vec<u8>)> {
        let rows = self.rows("SELECT id, sealed_mail FROM mails", vec![]).await;
        let pair = |row: &QueryResult| {
            let id: uuid::Uuid = row.try_get_by_index(0).unwrap();
            (id.to_string(), row.try_get_by_index(1).unwrap())
        };
        rows.iter().map(pair).collect()
    }

    /// The file itself is whole.
    pub(crate) async fn is_whole(&self) {
        let found = self.rows("PRAGMA integrity_check", vec![]).await;
        let said: String = found[0].try_get_by_index(0).unwrap();
        assert_eq!(said, "ok");
        let broken = self.rows("PRAGMA foreign_key_check", vec![]).await;
        assert!(broken.is_empty(), "{broken:?}");
    }

    /// Finds out whether the change that was not answered was made, and holds the rest against the book.
    pub(crate) async fn check(&self, person: &mut Person) {
        let counts = self.counts(person.id).await;
        let of = |kind: &str| counts.get(kind).copied().unwrap_or_default();
        let unsure = person.unsure.as_ref().map(crate::change::Change::kind);
        let is_done = unsure.is_some_and(|kind| of(kind) > booked(person, kind));
        person.resolve(is_done);
        for kind in COUNTED {
            let email = &person.email;
            assert_eq!(of(kind), booked(person, kind), "{kind} of {email}");
        }
        self.check_profile(person).await;
        self.check_log(person).await;
        match &person.factor {
            Some(factor) => self.check_factor(person, factor).await,
            None => assert_eq!(self.state(person.id).await, (0, 0), "{}", person.email),
        }
    }

    /// How often each kind of change stands in the log; what a person's account has of their factor is a copy.
    async fn counts(&self, user: UserId) -> BTreeMap<String, i64> {
        let sql = "SELECT kind, COUNT(*) FROM audit_events WHERE actor_id = ?
                   AND NOT (kind LIKE 'two_factor_%' AND account_id IS NOT NULL) GROUP BY kind";
        let rows = self.rows(sql, vec![user.uuid().into()]).await;
        let pair = |row: &QueryResult| {
            (
                row.try_get_by_index(0).unwrap(),
                row.try_get_by_index(1).unwrap(),
            )
        };
        rows.iter().map(pair).collect()
    }

    /// How many factors and recovery codes there are.
    async fn state(&self, user: UserId) -> (i64, i64) {
        let count = |table| format!("SELECT COUNT(*) FROM {table} WHERE user_id = ?");
        let id: Value = user.uuid().into();
        (
            self.number(&count("second_factors"), vec![id.clone()])
                .await,
            self.number(&count("recovery_codes"), vec![id]).await,
        )
    }

    async fn check_profile(&self, person: &Person) {
        let sql = "SELECT users.name, accounts.settings_version FROM users
                   JOIN accounts ON accounts.owner_id = users.id WHERE users.id = ?";
        let rows = self.rows(sql, vec![person.id.uuid().into()]).await;
        let name: String = rows[0].try_get_by_index(0).unwrap();
        let version: i64 = rows[0].try_get_by_index(1).unwrap();
        assert_eq!((name, version), (person.name.clone(), person.saves + 1));
    }

    /// The state is what the last line of the log says, and so is the number of spent recovery codes.
    async fn check_log(&self, person: &Person) {
        let id: Value = person.id.uuid().into();
        let last = "SELECT COALESCE((SELECT kind = 'two_factor_enabled' FROM audit_events
                    WHERE actor_id = ? AND kind LIKE 'two_factor_%' ORDER BY id DESC LIMIT 1), 0)";
        let is_on = self.number(last, vec![id.clone()]).await;
        assert_eq!(self.state(person.id).await.0, is_on, "{}", person.email);
        // The line of the account is there with the person's own, or neither is.
        let lines = |whose: &str| {
            format!(
                "SELECT COUNT(*) FROM audit_events WHERE actor_id = ? AND kind LIKE 'two_factor_%' AND account_id IS {whose}"
            )
        };
        assert_eq!(
            self.number(&lines("NOT NULL"), vec![id.clone()]).await,
            self.number(&lines("NULL"), vec![id.clone()]).await,
            "{}",
            person.email
        );
        let spent = "SELECT COUNT(*) FROM recovery_codes WHERE user_id = ? AND used_at IS NOT NULL";
        let said = "SELECT COUNT(*) FROM audit_events WHERE actor_id = ?1
                    AND kind = 'signed_in_with_recovery_code' AND id > (SELECT MAX(id) FROM audit_events
                    WHERE actor_id = ?1 AND kind IN
                    ('two_factor_enabled', 'two_factor_disabled', 'recovery_codes_replaced'))";
        assert_eq!(
            self.number(spent, vec![id.clone()]).await,
            self.number(said, vec![id]).await,
            "{}",
            person.email
        );
    }

    async fn check_factor(&self, person: &Person, factor: &Factor) {
        let email = &person.email;
        let id: Value = person.id.uuid().into();
        let sql = "SELECT last_step FROM second_factors WHERE user_id = ?";
        let step = self.number(sql, vec![id.clone()]).await;
        assert_eq!(step, factor.last.0.0, "{email}");
        let sql = "SELECT code_hash, used_at IS NOT NULL FROM recovery_codes WHERE user_id = ?";
        let rows = self.rows(sql, vec![id]).await;
        let pair = |row: &QueryResult| -> (Vec<u8>, bool) {
            (
                row.try_get_by_index(0).unwrap(),
                row.try_get_by_index(1).unwrap(),
            )
        };
        let stored: BTreeMap<_, _> = rows.iter().map(pair).collect();
        assert_eq!(stored.len(), 10, "{email}");
        let Some(left) = &factor.left else {
            assert!(stored.values().all(|is_used| !is_used), "{email}");
            return;
        };
        let known = left.iter().map(|code| (code, false));
        for (code, is_used) in known.chain(factor.used.iter().map(|code| (code, true))) {
            let code = RecoveryCode::parse(code).unwrap();
            let hash = recovery_codes::hash(&code, person.id).to_vec();
            assert_eq!(stored.get(&hash), Some(&is_used), "{email}");
        }
    }
}

fn booked(person: &Person, kind: &str) -> i64 {
    person.book.get(kind).copied().unwrap_or_default()
}

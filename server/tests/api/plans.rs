//! How SQLite answers the statements that every request, every sign-in and every page rests on: by indexes, so that a
//! million users cost no more than a thousand. docs/performance.md has the figures.

use std::fmt::Write as _;
use std::sync::Mutex;

use app::types::email::EmailAddress;
use app::types::factors::FactorKind;
use app::types::ids::{AccountId, SessionId, UserId};
use app::types::role::Role;
use app::types::timestamp::Timestamp;
use app::types::users_query::{TwoFactorFilter, UserSort};
use async_trait::async_trait;
use domain::attempts::{Begins, Budget};
use domain::ends::Ephemeral;
use sea_orm::{DbBackend, DbErr, ExecResult, QueryResult, Statement};
use storage::account_log::{
    LogQuery, Party, find_former_members, find_log_lines, find_log_lines_at,
};
use storage::accounts::{accounts_of, find_account_of, find_account_used_last, owned_accounts};
use storage::audit_retention::old_lines;
use storage::coverage::{
    count_covered, count_uncovered_refused, count_uncovered_unproven, first_uncovered_names,
    next_uncovered,
};
use storage::ephemeral::{
    ByTrust, Moment, Of, delete_all, delete_sessions_by_trust, delete_some, place,
};
use storage::factors::{count_factors, find_factors};
use storage::invitations::invitations_of;
use storage::known_browsers::{
    find_known_browser, known_since, remembered_of, renew_known_browser, tokens_in_use,
};
use storage::mails::take_due_mail;
use storage::operator_lists::{find_accounts_named, next_accounts, next_users};
use storage::own_activity::{find_last_membership_end, find_own_lines};
use storage::readings::{count_all_accounts, count_all_users, count_sessions_since, mail_queue};
use storage::recovery_codes::count_recovery_codes;
use storage::sessions::{ask_for_session, sessions_of, touch_session};
use storage::sign_ins::lock_pending;
use storage::team::{
    Searched, UserFilter, count_members, find_member, find_members, find_members_among,
};
use storage::team_order::TeamPlace;
use storage::tries::take_tries;
use storage::trusted_browsers::{may_trust_browsers, trusted_browsers_of};
use storage::user_keys::{find_key_details, find_key_owner};
use storage::users::{find_user, find_user_by_email, has_users};
use storage::{ConnectionTrait, Database, Location, Stored};
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_800_000_000);
const HASH: [u8; 32] = [7; 32];

/// Passes statements on and remembers them.
struct Listener<'a> {
    database: &'a Database,
    heard: Mutex<Vec<Statement>>,
}

impl Listener<'_> {
    fn hear(&self, statement: &Statement) {
        self.heard.lock().unwrap().push(statement.clone());
    }
}

#[async_trait]
impl ConnectionTrait for Listener<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.database.read().get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.hear(&statement);
        self.database.read().execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.database.read().execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.hear(&statement);
        self.database.read().query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.hear(&statement);
        self.database.read().query_all_raw(statement).await
    }
}

/// What SQLite says it does for the statements that were heard.
struct Plans<'a> {
    listener: Listener<'a>,
    text: String,
}

impl Plans<'_> {
    async fn add<T>(&mut self, name: &str, asked: impl AsyncFnOnce(&Listener<'_>) -> Stored<T>) {
        self.listener.heard.lock().unwrap().clear();
        asked(&self.listener).await.unwrap();
        let heard = std::mem::take(&mut *self.listener.heard.lock().unwrap());
        assert!(!heard.is_empty(), "{name} asks the database");
        for mut statement in heard {
            statement.sql.insert_str(0, "EXPLAIN QUERY PLAN ");
            let rows = self.listener.database.read().query_all_raw(statement);
            for row in rows.await.unwrap() {
                let detail: String = row.try_get("", "detail").unwrap();
                let _ = writeln!(self.text, "{name}: {detail}");
            }
        }
    }
}

async fn on_each_request(plans: &mut Plans<'_>) {
    let (user, session) = (UserId::new(Uuid::max()), SessionId::new(Uuid::max()));
    plans
        .add("session", async |db| ask_for_session(db, &HASH).await)
        .await;
    plans
        .add("touch session", async |db| {
            touch_session(db, session, "192.0.2.1", NOW).await
        })
        .await;
    let account = AccountId::new(Uuid::max());
    plans
        .add("account", async |db| {
            find_account_of(db, user, account).await
        })
        .await;
    plans
        .add("account used last", async |db| {
            find_account_used_last(db, user).await
        })
        .await;
}

async fn on_sign_in(plans: &mut Plans<'_>) {
    let user = UserId::new(Uuid::max());
    let email = EmailAddress::parse("ada@example.org").unwrap();
    plans.add("any user", async |db| has_users(db).await).await;
    plans
        .add("user by address", async |db| {
            find_user_by_email(db, &email).await
        })
        .await;
    plans
        .add("user", async |db| find_user(db, user).await)
        .await;
    let budget = Budget {
        limit: 10,
        window: 60,
        begins: Begins::WithTheFirst,
    };
    plans
        .add("try", async |db| {
            take_tries(db, &[(&HASH, budget)], NOW).await
        })
        .await;
    plans
        .add("pending", async |db| lock_pending(db, &HASH).await)
        .await;
    plans
        .add("second factor", async |db| find_factors(db, user).await)
        .await;
    plans
        .add("whose key", async |db| {
            find_key_owner(db, b"credential").await
        })
        .await;
    plans
        .add("keys of a user", async |db| {
            find_key_details(db, user).await
        })
        .await;
    plans
        .add("known browser", async |db| {
            known_since(db, user, &HASH).await
        })
        .await;
    plans
        .add("known browser renewed", async |db| {
            renew_known_browser(db, user, &HASH, &HASH).await
        })
        .await;
    let presented: [[u8; 32]; 8] = std::array::from_fn(|n| [u8::try_from(n).unwrap(); 32]);
    plans
        .add("known browser by one of its tokens", async |db| {
            find_known_browser(db, user, &presented).await
        })
        .await;
    plans
        .add("tokens of known browsers in use", async |db| {
            tokens_in_use(db, &presented).await
        })
        .await;
    plans
        .add("browsers known to user", async |db| {
            remembered_of(db, user).await
        })
        .await;
    plans
        .add("may trust browsers", async |db| {
            may_trust_browsers(db, user).await
        })
        .await;
}

async fn at_ends(plans: &mut Plans<'_>) {
    let user = Of::User(UserId::new(Uuid::max()));
    let users = Of::UsersOf(AccountId::new(Uuid::max()));
    let kinds = Ephemeral::ALL.into_iter();
    for what in kinds.filter(|what| place(*what).user.is_some()) {
        let name = format!("{what:?} of a user");
        plans
            .add(&name, async |db| delete_all(db, what, user, None).await)
            .await;
    }
    plans
        .add("trusted browsers of an account", async |db| {
            delete_all(db, Ephemeral::TrustedBrowsers, users, None).await
        })
        .await;
    plans
        .add("sessions by trust", async |db| {
            delete_sessions_by_trust(db, users, ByTrust::Any, None, None).await
        })
        .await;
}

async fn on_pages_of_a_user(plans: &mut Plans<'_>) {
    let user = UserId::new(Uuid::max());
    plans
        .add("recovery codes", async |db| {
            count_recovery_codes(db, user).await
        })
        .await;
    plans
        .add("accounts of user", async |db| accounts_of(db, user).await)
        .await;
    plans
        .add("owned accounts", async |db| owned_accounts(db, user).await)
        .await;
    plans
        .add("sessions of user", async |db| sessions_of(db, user).await)
        .await;
    plans
        .add("trusted browsers", async |db| {
            trusted_browsers_of(db, user, NOW).await
        })
        .await;
    plans
        .add("own activity", async |db| {
            find_own_lines(db, user, (NOW, None), 51).await
        })
        .await;
    plans
        .add("account left last", async |db| {
            find_last_membership_end(db, user).await
        })
        .await;
}

async fn on_pages_of_an_account(plans: &mut Plans<'_>) {
    let (user, account) = (UserId::new(Uuid::max()), AccountId::new(Uuid::max()));
    on_the_users_of_an_account(plans, account, user).await;
    plans
        .add("invitations", async |db| {
            invitations_of(db, account, 9).await
        })
        .await;
    plans
        .add("coverage", async |db| {
            count_covered(db, account, false).await
        })
        .await;
    plans
        .add("uncovered", async |db| {
            first_uncovered_names(db, account, false, 3).await
        })
        .await;
    plans
        .add("uncovered whose address is not proven", async |db| {
            count_uncovered_unproven(db, account, false).await
        })
        .await;
    plans
        .add("uncovered whose mailbox refused", async |db| {
            count_uncovered_refused(db, account, false).await
        })
        .await;
    plans
        .add("next uncovered", async |db| {
            next_uncovered(db, account, false, None, 9).await
        })
        .await;
    let query = LogQuery {
        account,
        people: None,
        kinds: None,
        since: None,
        until: None,
        before: None,
        most: 51,
    };
    plans
        .add("activity", async |db| find_log_lines(db, &query).await)
        .await;
    plans
        .add("last change of settings", async |db| {
            find_log_lines_at(db, account, NOW, &["requirement_set"]).await
        })
        .await;
    let query = LogQuery {
        kinds: Some(&["two_factor_enabled", "two_factor_disabled"]),
        ..query
    };
    plans
        .add("activity about something", async |db| {
            find_log_lines(db, &query).await
        })
        .await;
    let text = Searched {
        folded: "ada".to_owned(),
        lower: "ada".to_owned(),
    };
    plans
        .add("former users", async |db| {
            find_former_members(db, account, &text, 9).await
        })
        .await;
    let people = [Party::User(user), Party::Operator];
    let query = LogQuery {
        people: Some(&people),
        since: Some(NOW),
        until: Some(NOW),
        ..query
    };
    plans
        .add("activity of person", async |db| {
            find_log_lines(db, &query).await
        })
        .await;
    let people = [Party::User(user); 21];
    let query = LogQuery {
        people: Some(&people),
        ..query
    };
    plans
        .add("activity of many people", async |db| {
            find_log_lines(db, &query).await
        })
        .await;
}

async fn on_the_users_of_an_account(plans: &mut Plans<'_>, account: AccountId, user: UserId) {
    let wanted = UserFilter {
        account,
        text: None,
        two_factor: None,
        sms_counts: false,
        role: None,
        owner: user,
    };
    let places = [
        (UserSort::Name, TeamPlace::Name("Ada".to_owned(), user)),
        (UserSort::LastActive, TeamPlace::LastActive(None, user)),
        (
            UserSort::TwoFactor,
            TeamPlace::TwoFactor(1, "Ada".to_owned(), user),
        ),
    ];
    for (sort, place) in &places {
        plans
            .add(&format!("team by {}", sort.word()), async |db| {
                find_members(db, &wanted, (*sort, None), 51).await
            })
            .await;
        plans
            .add(&format!("next team by {}", sort.word()), async |db| {
                find_members(db, &wanted, (*sort, Some(place)), 51).await
            })
            .await;
    }
    plans
        .add("page of a team", async |db| {
            find_members_among(db, account, &[user, UserId::new(Uuid::nil())]).await
        })
        .await;
    let some = UserFilter {
        two_factor: Some(TwoFactorFilter::Off),
        role: Some(Role::Admin),
        ..wanted
    };
    plans
        .add("some of a team", async |db| {
            find_members(db, &some, (UserSort::Name, None), 51).await
        })
        .await;
    plans
        .add("team count", async |db| count_members(db, &wanted).await)
        .await;
    plans
        .add("member", async |db| find_member(db, account, user).await)
        .await;
}

async fn in_the_background(plans: &mut Plans<'_>) {
    plans
        .add("old lines of the log", async |db| {
            old_lines(db, NOW, Some(Uuid::nil())).await
        })
        .await;
    plans
        .add("due mail", async |db| take_due_mail(db, NOW, NOW).await)
        .await;
    for what in Ephemeral::ALL {
        // Their workers remove mails and announcements, and leases are as many as jobs and servers.
        let removed = place(what).moments.iter();
        let removed = removed.filter(|(_, moment)| *moment != Moment::Due);
        for (column, moment) in removed.filter(|_| what != Ephemeral::Leases) {
            let name = format!("{what:?} by {moment:?}");
            plans
                .add(&name, async |db| {
                    delete_some(db, what, column, NOW, None).await
                })
                .await;
        }
    }
    plans
        .add("count users", async |db| count_all_users(db).await)
        .await;
    plans
        .add("count accounts", async |db| count_all_accounts(db).await)
        .await;
    plans
        .add("count factors", async |db| {
            count_factors(db, FactorKind::App).await
        })
        .await;
    plans
        .add("count sessions", async |db| {
            count_sessions_since(db, NOW).await
        })
        .await;
    plans
        .add("mail queue", async |db| mail_queue(db).await)
        .await;
    plans
        .add("account by name", async |db| {
            find_accounts_named(db, "A").await
        })
        .await;
    plans
        .add("next accounts", async |db| {
            next_accounts(db, None, 100).await
        })
        .await;
    plans
        .add("next users", async |db| {
            next_users(db, true, None, 100).await
        })
        .await;
}

/// Statements that have to go over everything, and what they go over.
const WHOLE: [(&str, &str); 12] = [
    // What the parts of a union have found: a page each.
    ("activity about something", "SCAN part"),
    ("activity about something", "SCAN found"),
    ("activity of person", "SCAN part"),
    ("activity of person", "SCAN found"),
    ("count users", "COVERING INDEX"),
    ("count accounts", "COVERING INDEX"),
    ("mail queue", "mails"),
    ("next accounts", "accounts USING INDEX"),
    ("next users", "users USING INDEX"),
    // Up to the first row.
    ("any user", "SCAN"),
    ("user by address", "COVERING INDEX"),
    // No ids here, so none is looked for.
    ("next users", "second_factors"),
];

#[tokio::test]
async fn every_statement_of_requests_and_pages_is_answered_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("plans.db"));
    let database = Database::open(&location).await.unwrap();
    let mut plans = Plans {
        listener: Listener {
            database: &database,
            heard: Mutex::default(),
        },
        text: String::new(),
    };
    on_each_request(&mut plans).await;
    on_sign_in(&mut plans).await;
    on_pages_of_a_user(&mut plans).await;
    on_pages_of_an_account(&mut plans).await;
    at_ends(&mut plans).await;
    in_the_background(&mut plans).await;
    insta::assert_snapshot!("plans", plans.text);
    let allowed = |line: &str| {
        let over = |(name, what): &(&str, &str)| line.starts_with(name) && line.contains(what);
        WHOLE.iter().any(over)
    };
    let scans = plans.text.lines().filter(|line| line.contains(": SCAN "));
    let scans: Vec<_> = scans
        .filter(|line| !allowed(line) && !line.contains("CONSTANT ROW"))
        .collect();
    assert!(scans.is_empty(), "these read whole tables: {scans:#?}");
}

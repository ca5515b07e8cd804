//! Many users with a second factor, put into the database at once.

use app::types::factors::CodeFactorKind;
use app::types::timestamp::Timestamp;
use crypto::clock::{Clock as _, SystemClock};
use crypto::random::bytes;
use domain::factors::Factor;
use domain::first_factor::Admitted;
use domain::phone_number::PhoneNumber;
use domain::totp::{TimeStep, TotpSecret};
use service::factor_set::bind;
use service::second_factor::{Opened, open, seal_number, seal_secret};
use storage::factors::{find_factors, insert_factor};
use storage::operator_lists::next_users;
use storage::users::User;

use crate::support::{Authenticator, Browser, START, TestApp};

/// Whose account the crowd is in.
pub(crate) const OWNER: &str = "olga@example.org";
const NUMBER: &str = "+447400123456";

/// One of the crowd.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) user: User,
    /// Their app; those without have a number.
    pub(crate) app: Option<Authenticator>,
    secret: Vec<u8>,
}

/// The time of the real program.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

/// So many users with an app; each tenth has a number instead. Their password is that of every test.
pub(crate) async fn crowd(app: &TestApp, size: u32) -> Vec<Person> {
    app.create_user(OWNER).await;
    app.crowd(OWNER, size).await;
    app.sql(&format!(
        "UPDATE users SET email_verified_at = 1,
         password_hash = (SELECT password_hash FROM users WHERE email = '{OWNER}')"
    ))
    .await;
    let services = &app.services;
    let transaction = services.database.begin_write().await.unwrap();
    let keys = services.keys.sealing(&transaction).await.unwrap();
    let users = next_users(&transaction, true, None, 10_000).await.unwrap();
    let mut people = Vec::new();
    for (n, (user, _)) in users.into_iter().enumerate() {
        let (kind, sealed_secret, secret, app) = if n % 10 == 9 {
            let number = PhoneNumber::from_e164(NUMBER).unwrap();
            let sealed = seal_number(services, &keys, user.id, &number);
            (
                CodeFactorKind::Sms,
                sealed,
                NUMBER.as_bytes().to_vec(),
                None,
            )
        } else {
            let secret = TotpSecret::new(bytes(services.random.as_ref()));
            let sealed = seal_secret(services, &keys, user.id, &secret);
            let app = Authenticator::new(secret.key_in_groups().expose());
            (
                CodeFactorKind::App,
                sealed,
                secret.bytes().to_vec(),
                Some(app),
            )
        };
        let factor = Factor {
            kind,
            sealed: sealed_secret,
            since: START,
            last_step: TimeStep(0),
        };
        let key_id = keys.current().to_string();
        insert_factor(
            &transaction,
            user.id,
            factor,
            key_id,
            Admitted::by_operator(),
        )
        .await
        .unwrap();
        bind(services, &transaction, user.id).await.unwrap();
        people.push(Person { user, app, secret });
    }
    transaction.commit().await.unwrap();
    people
}

/// Whether what is sealed for a person is still what it was.
pub(crate) async fn is_whole(app: &TestApp, person: &Person) -> bool {
    let db = app.services.database.read();
    let factors = find_factors(db, person.user.id).await.unwrap();
    let factor = factors.offered().next().unwrap();
    let opened = open(&app.services, person.user.id, factor).unwrap();
    let bytes = match &opened {
        Opened::App(secret) => secret.bytes().to_vec(),
        Opened::Sms(number) => number.e164().as_bytes().to_vec(),
    };
    bytes == person.secret
}

/// Signs people with an app in, several at once, with password and code, and gives how many there were.
pub(crate) async fn sign_in_all(base: &str, people: &[Person]) -> usize {
    let mut tasks = tokio::task::JoinSet::new();
    let people: Vec<_> = people.iter().filter(|one| one.app.is_some()).collect();
    for some in people.chunks(people.len().div_ceil(4).max(1)) {
        let (base, some) = (base.to_owned(), some.iter().map(|one| (*one).clone()));
        let some: Vec<_> = some.collect();
        tasks.spawn(async move {
            for person in some {
                sign_in(&base, &person).await;
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    people.len()
}

/// Signs a person in with password and code.
pub(crate) async fn sign_in(base: &str, person: &Person) -> Browser {
    let mut browser = Browser::new(base);
    let reply = browser.sign_in(person.user.email.shown()).await.expect(200);
    assert_eq!(reply.json()["step"], "second_factor_due");
    let code = person.app.as_ref().unwrap().code(now());
    browser.give_code(&code).await.expect(200);
    browser
}

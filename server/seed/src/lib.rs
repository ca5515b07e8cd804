//! Fills an empty database with generated users, for load tests. They share one password, so a database that has users is
//! refused. No part of the product: operators do not get it.

mod rows;

use std::error::Error;
use std::fmt;

use app::types::factors::CodeFactorKind;
use app::types::ids::UserId;
use uuid::Uuid;

use crypto::random::bytes;
use crypto::seal::KeyRing;
use crypto::token::Token;
use domain::factor_set::STAMP_BYTES;
use domain::factors::{Factor, Factors};
use domain::totp::{TimeStep, TotpSecret};
use rows::{SeededUser, insert_seeded};
use service::second_factor::seal_secret;
use service::{Outcome, Services, factor_set};
use storage::users::has_users;

/// Users of one transaction.
const BATCH: usize = 10_000;
/// One user in so many has a session.
const SESSION_EVERY: usize = 10;
/// Names from the start and the end of the alphabet, so that lists have an order to find.
const GIVEN: [&str; 8] = ["Ada", "Zoe", "Grace", "Wei", "Mary", "Paul", "Ines", "Olu"];
const FAMILY: [&str; 7] = [
    "Lovelace", "Hopper", "Adeyemi", "Zhang", "Kowalska", "Mori", "Usman",
];

/// How much to seed.
#[derive(Clone, Copy, Debug)]
pub struct Amounts {
    /// Users.
    pub users: usize,
    /// Accounts, at most one for each user; users are dealt out to them in turn.
    pub accounts: usize,
}

/// The credentials that all generated users share.
pub struct SeedSecrets {
    /// The password.
    pub password: Token,
    /// The secret of the app of every second user.
    pub secret: TotpSecret,
}

/// Why nothing was seeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSeeded {
    /// There are users already.
    HasUsers,
    /// There are to be no accounts, or more than users.
    Amounts,
}

impl fmt::Display for NotSeeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HasUsers => "the database has users; seed only an empty one",
            Self::Amounts => "there must be an account, and no more accounts than users",
        })
    }
}

impl Error for NotSeeded {}

/// Fills an empty database.
///
/// # Errors
/// Faults of the database; a refusal is inside.
pub async fn seed(
    services: &Services,
    amounts: Amounts,
    mut progress: impl FnMut(usize),
) -> Outcome<Result<SeedSecrets, NotSeeded>> {
    if amounts.accounts == 0 || amounts.accounts > amounts.users {
        return Ok(Err(NotSeeded::Amounts));
    }
    if has_users(services.database.read()).await? {
        return Ok(Err(NotSeeded::HasUsers));
    }
    let shared = SeedSecrets {
        password: Token::new(services.random.as_ref()),
        secret: TotpSecret::new(bytes(services.random.as_ref())),
    };
    let hash = services
        .hasher
        .hash(shared.password.to_text().expose())
        .await?;
    let accounts: Vec<Uuid> = (0..amounts.accounts).map(|_| services.new_uuid()).collect();
    for start in (0..amounts.users).step_by(BATCH) {
        let end = amounts.users.min(start + BATCH);
        let transaction = services.database.begin_write().await?;
        let keys = services.keys.sealing(&transaction).await?;
        let users: Vec<_> = (start..end)
            .map(|index| user(services, &keys, index, &accounts, &shared.secret))
            .collect();
        insert_seeded(&transaction, &users, &hash, services.now()).await?;
        transaction.commit().await?;
        progress(end);
    }
    Ok(Ok(shared))
}

/// `user0@seed.example` and so on: even ones without, odd ones with two-factor authentication.
fn user(
    services: &Services,
    keys: &KeyRing,
    index: usize,
    accounts: &[Uuid],
    secret: &TotpSecret,
) -> SeededUser {
    let id = services.new_uuid();
    // Neighbours in the list of names are no neighbours in time.
    let (given, family) = (GIVEN[index % GIVEN.len()], FAMILY[index % FAMILY.len()]);
    let sealed = || {
        let sealed = seal_secret(services, keys, UserId::new(id), secret);
        (sealed, keys.current().to_string())
    };
    let random = services.random.as_ref();
    let secret = (index % 2 == 1).then(sealed);
    let factor = secret.iter().map(|(sealed, _)| Factor {
        kind: CodeFactorKind::App,
        sealed: sealed.clone(),
        since: services.now(),
        last_step: TimeStep(0),
    });
    let stamp = bytes::<STAMP_BYTES>(random).to_vec();
    let factors = Factors::new(factor.collect(), Vec::new());
    let factor_set = factor_set::bound(keys, UserId::new(id), stamp, &factors);
    SeededUser {
        id,
        email: format!("user{index}@seed.example"),
        name: format!("{given} {family} {index}"),
        account: accounts[index % accounts.len()],
        owns: (index < accounts.len()).then(|| format!("Account {index}")),
        secret,
        factor_set,
        session: index
            .is_multiple_of(SESSION_EVERY)
            .then(|| (services.new_uuid(), bytes::<32>(random).to_vec())),
        lines: [services.new_uuid(), services.new_uuid()],
    }
}

//! Pending sign-ins: the password was right, something is still due. Not a session.

use crate::change::Change;
use app::types::session::{PendingSignIn, SignInStep};
use app::types::timestamp::Timestamp;

use super::{NewCookie, Stepped};
use crate::browsers::BrowserTokens;
use crate::refusal_log::name_user;
use crate::second_factor::ways;
use crate::{Outcome, Services, Visitor};
use crypto::token::Token;
use domain::attempts::WRONG_CODES_PER_SIGN_IN;
use domain::factors::Factors;
use storage::factors::find_factors;
use storage::known_browsers::KnownTo;
use storage::sign_ins::{PendingRow, find_pending, insert_pending, lock_pending};
use storage::sms_codes::CodeFor;
use storage::trusted_browsers::may_trust_browsers;
use storage::users::{User, lock_user};

/// Keeps hashes of these tokens apart from those of other tokens.
pub(super) const PURPOSE: &str = "pending sign-in";
/// Seconds that a pending sign-in waits for a code.
pub const PENDING_LIFE: i64 = 10 * 60;
/// Seconds that it waits for a mailed link: mail takes its time.
const LINK_LIFE: i64 = 30 * 60;

/// What a pending sign-in waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PendingState {
    /// A code.
    SecondFactorDue(PendingSignIn),
    /// The mailed link.
    LinkDue,
}

/// Begins a pending sign-in that waits for a second factor of the user, in a browser that may be known to them.
pub(super) async fn await_code(
    change: &Change<'_>,
    (user, factors): (&User, &Factors),
    known: Option<KnownTo>,
) -> Outcome<Stepped> {
    let expires_at = change.services.now() + PENDING_LIFE;
    let waits_for = WaitsFor::Code {
        in_browser: known.map(|known| known.token_hash),
    };
    let token = begin(change, user, expires_at, waits_for).await?;
    let code_for = CodeFor::SignIn(token.hash(PURPOSE).to_vec());
    let of = (user.id, factors);
    let pending = PendingSignIn {
        expires_at,
        attempts_left: WRONG_CODES_PER_SIGN_IN,
        may_trust_browser: may_trust_browsers(change.db(), user.id).await?,
        ways: ways(change.services, change.db(), of, &code_for).await?,
    };
    Ok(stepped(SignInStep::SecondFactorDue(pending), token))
}

/// Begins a pending sign-in that waits for the link of a mail.
pub(super) async fn await_link(
    change: &Change<'_>,
    user: &User,
    link_hash: [u8; 32],
) -> Outcome<Stepped> {
    let expires_at = change.services.now() + LINK_LIFE;
    let waits_for = WaitsFor::Link(link_hash);
    let token = begin(change, user, expires_at, waits_for).await?;
    Ok(stepped(SignInStep::LinkDue, token))
}

/// What a new pending sign-in waits for.
enum WaitsFor {
    /// A code, in the browser that is known by this hash to the user, if it is known.
    Code { in_browser: Option<[u8; 32]> },
    /// The mailed link with this hash.
    Link([u8; 32]),
}

async fn begin(
    change: &Change<'_>,
    user: &User,
    expires_at: Timestamp,
    waits_for: WaitsFor,
) -> Outcome<Token> {
    let (link_hash, known_hash) = match waits_for {
        WaitsFor::Code { in_browser } => (None, in_browser),
        WaitsFor::Link(link_hash) => (Some(link_hash), None),
    };
    let token = Token::new(change.services.random.as_ref());
    let row = PendingRow {
        token_hash: token.hash(PURPOSE).to_vec(),
        user: user.id,
        expires_at,
        failures: 0,
        link_hash: link_hash.map(Vec::from),
        known_hash: known_hash.map(Vec::from),
    };
    insert_pending(change.db(), row).await?;
    Ok(token)
}

fn stepped(step: SignInStep, token: Token) -> Stepped {
    Stepped {
        step,
        cookie: NewCookie::Pending(token),
        proof: None,
        browser: BrowserTokens::default(),
    }
}

/// Whether a token is that of a pending sign-in which lives.
pub async fn is_pending(services: &Services, token: &Token) -> Outcome<bool> {
    let row = find_pending(&services.database, &token.hash(PURPOSE)).await?;
    Ok(row.is_some_and(|row| is_alive(&row, services.now())))
}

/// The pending sign-in of a browser, while it lives.
pub async fn find(services: &Services, token: &Token) -> Outcome<Option<PendingState>> {
    let db = services.database.read();
    let now = services.now();
    let row = find_pending(&services.database, &token.hash(PURPOSE)).await?;
    let Some(row) = row.filter(|row| is_alive(row, now)) else {
        return Ok(None);
    };
    if row.link_hash.is_some() {
        return Ok(Some(PendingState::LinkDue));
    }
    let factors = find_factors(db, row.user).await?;
    let code_for = CodeFor::SignIn(row.token_hash);
    Ok(Some(PendingState::SecondFactorDue(PendingSignIn {
        expires_at: row.expires_at,
        attempts_left: WRONG_CODES_PER_SIGN_IN.saturating_sub(row.failures),
        may_trust_browser: may_trust_browsers(db, row.user).await?,
        ways: ways(services, db, (row.user, &factors), &code_for).await?,
    })))
}

/// A pending sign-in that is being finished.
pub(super) struct TakenUp<'a> {
    /// In which both of the others are locked.
    pub change: Change<'a>,
    /// As it is now.
    pub pending: PendingRow,
    /// Who gave the password.
    pub user: User,
}

/// Begins to finish a pending sign-in, while it lives and its user may sign in.
pub(super) async fn take_up<'a>(
    services: &'a Services,
    hash: &[u8; 32],
    visitor: &'a Visitor,
) -> Outcome<Option<TakenUp<'a>>> {
    let Some(found) = find_pending(&services.database, hash).await? else {
        return Ok(None);
    };
    name_user(found.user);
    let change = Change::by_visitor(services, visitor).await?;
    let user = lock_user(change.db(), found.user).await?;
    let pending = lock_pending(change.db(), hash).await?;
    let both = user.filter(|user| !user.is_disabled).zip(pending);
    Ok(both
        .filter(|(_, pending)| is_alive(pending, services.now()))
        .map(|(user, pending)| TakenUp {
            change,
            pending,
            user,
        }))
}

/// Whether it can still be finished.
pub(super) fn is_alive(row: &PendingRow, now: Timestamp) -> bool {
    row.expires_at > now && row.failures < WRONG_CODES_PER_SIGN_IN
}

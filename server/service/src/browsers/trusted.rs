//! Trusted browsers: they skip the second factor until the password or a factor changes.

use app::types::ids::{TrustedBrowserId, UserId};
use sha2::{Digest as _, Sha256};

use super::Held;
use crate::audit::Event;
use crate::change::Change;
use crate::letters::Letter;
use crate::second_factor::{Opened, open};
use crate::{Outcome, Services, factor_set};
use crypto::seal::KeyRing;
use crypto::token::Token;
use domain::factor_set::StampedFactors;
use domain::factors::Factor;
use storage::trusted_browsers::{
    NewTrustedBrowser, find_trusted_browser, insert_trusted_browser, may_trust_browsers,
    replace_fingerprint,
};
use storage::users::User;
use storage::{ConnectionTrait, Stored, WriteTransaction};

/// Seconds that a browser stays trusted, from the code on; using it does not renew it.
pub const TRUST_LIFE: i64 = 30 * 24 * 60 * 60;
/// Domain separation: the hash of one kind of token never equals that of another kind.
const TRUSTED: &str = "trusted browser";
/// Domain separation for the tags of trusted browsers.
const TRUSTED_WITH: &str = "password and factors that a browser is trusted with";
/// The same for those that servers of the version before write.
const TRUSTED_WITH_SECRET: &str = "what a browser is trusted with";

/// What browsers are trusted with: any change of password or factors gives another.
pub struct TrustedWith {
    /// Under the key that seals: what is stored.
    current: [u8; 32],
    /// What servers of the version before store, under the key that seals.
    before: Option<[u8; 32]>,
    /// What is stored of either under every key, for what another key has tagged.
    earlier: Vec<[u8; 32]>,
}

impl TrustedWith {
    /// This password and these factors: the stamp of their set is renewed with each change of one of them.
    pub fn new(
        services: &Services,
        keys: &KeyRing,
        (user, password_hash): (UserId, &str),
        factors: &StampedFactors,
    ) -> Self {
        let parts = [password_hash.as_bytes(), factors.stamp()];
        let mut with = Self {
            current: keys.tag(TRUSTED_WITH, &parts),
            before: None,
            earlier: keys.tags(TRUSTED_WITH, &parts),
        };
        // Those servers know one factor.
        if let ([only], []) = (factors.codes(), factors.keys())
            && let Ok(opened) = open(services, user, only)
        {
            let since = only.since.seconds().to_be_bytes();
            let parts = [password_hash.as_bytes(), opened.bytes(), &since];
            with.before = Some(keys.tag(TRUSTED_WITH_SECRET, &parts));
            with.earlier.extend(keys.tags(TRUSTED_WITH_SECRET, &parts));
        }
        with
    }

    /// What a trusted browser may have stored.
    fn taken(&self) -> Vec<[u8; 32]> {
        [self.current].into_iter().chain(self.before).collect()
    }

    /// Stores what is stored of it for all browsers of a user as `other`.
    pub async fn replace_by(
        &self,
        db: &impl ConnectionTrait,
        user: UserId,
        other: &Self,
    ) -> Stored<()> {
        let stored = self.earlier.iter().chain([&self.current]);
        for from in stored.filter(|from| **from != other.current) {
            replace_fingerprint(db, user, from, &other.current).await?;
        }
        Ok(())
    }
}

/// Stores what the trusted browsers of a user are trusted with under the key that seals now: from before another key took
/// over, or from versions that used none. The caller has locked the user and found that the factors are theirs.
///
/// # Errors
/// When the key that seals is not here.
pub async fn renew_trust(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    factors: &StampedFactors,
) -> Outcome<()> {
    let keys = services.keys.sealing(transaction).await?;
    let of = (user.id, user.password_hash.as_str());
    let mut with = TrustedWith::new(services, &keys, of, factors);
    if let ([only], []) = (factors.codes(), factors.keys())
        && let Ok(opened) = open(services, user.id, only)
    {
        let digest = without_key(&user.password_hash, &opened, only);
        with.earlier.push(digest);
    }
    with.replace_by(transaction, user.id, &with).await?;
    Ok(())
}

/// As versions before that one stored it. A number has few enough values to try them all against it.
fn without_key(password_hash: &str, opened: &Opened, factor: &Factor) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"twofold trusted browser 1\0")
        .chain_update((password_hash.len() as u64).to_be_bytes())
        .chain_update(password_hash)
        .chain_update(opened.bytes())
        .chain_update(factor.since.seconds().to_be_bytes())
        .finalize()
        .into()
}

/// The trusted browser that skips the second factor of a user.
pub async fn trust_of(
    change: &Change<'_>,
    user: &User,
    factors: &StampedFactors,
    held: &Held,
) -> Outcome<Option<TrustedBrowserId>> {
    let Some(token) = &held.trusted else {
        return Ok(None);
    };
    let keys = change.services.keys.sealing(change.db()).await?;
    let of = (user.id, user.password_hash.as_str());
    let trusted_with = TrustedWith::new(change.services, &keys, of, factors);
    let (hash, now) = (token.hash(TRUSTED), change.services.now());
    let good = trusted_with.taken();
    let trusted = find_trusted_browser(change.db(), user.id, &hash, &good, now).await?;
    let is_allowed = may_trust_browsers(change.db(), user.id).await?;
    Ok(trusted.filter(|_| is_allowed))
}

/// Trusts a browser whose user has just given a code, unless an account of theirs forbids it.
pub async fn trust(change: &Change<'_>, user: &User) -> Outcome<Option<Token>> {
    let (services, db) = (change.services, change.db());
    let factors = factor_set::load(services, db, user.id).await?;
    if !factors.is_on() || !may_trust_browsers(db, user.id).await? {
        return Ok(None);
    }
    let keys = services.keys.sealing(db).await?;
    let of = (user.id, user.password_hash.as_str());
    let trusted_with = TrustedWith::new(services, &keys, of, &factors);
    let token = Token::new(services.random.as_ref());
    let (now, visitor) = (services.now(), change.visitor());
    let browser = NewTrustedBrowser {
        id: TrustedBrowserId::new(services.new_uuid()),
        token_hash: &token.hash(TRUSTED),
        user: user.id,
        fingerprint: &trusted_with.current,
        life: (now, now + TRUST_LIFE),
        address: &visitor.address,
        browser: &visitor.browser,
    };
    insert_trusted_browser(db, browser).await?;
    change.record_own(user, &Event::BrowserTrusted).await?;
    let letter = Letter::BrowserTrusted { from: visitor };
    change.queue(user, &letter).await?;
    Ok(Some(token))
}

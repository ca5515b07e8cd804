//! Trusted browsers: they skip the second factor until the password or the factor changes.

use app::types::ids::{TrustedBrowserId, UserId};
use sha2::{Digest as _, Sha256};

use super::Held;
use crate::audit::Event;
use crate::change::Change;
use crate::letters::Letter;
use crate::second_factor::{Opened, open};
use crate::{Outcome, Services};
use crypto::seal::KeyRing;
use crypto::token::Token;
use storage::second_factors::{SecondFactor, find_second_factor};
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
const TRUSTED_WITH: &str = "what a browser is trusted with";

/// What browsers are trusted with: any change of password or factor gives another.
pub struct TrustedWith {
    /// Under the key that seals: what is stored.
    current: [u8; 32],
    /// What is stored of the same from before another key took over.
    earlier: Vec<[u8; 32]>,
}

impl TrustedWith {
    /// This password and this factor. Whoever reads the database alone cannot try numbers or secrets against it.
    pub fn new(
        keys: &KeyRing,
        password_hash: &str,
        opened: &Opened,
        factor: &SecondFactor,
    ) -> Self {
        let since = factor.enabled_at.seconds().to_be_bytes();
        let parts = [password_hash.as_bytes(), opened.bytes(), &since];
        Self {
            current: keys.tag(TRUSTED_WITH, &parts),
            earlier: keys.tags(TRUSTED_WITH, &parts),
        }
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
/// over, or from versions that used none. The caller has locked the user and found that the factor is theirs.
///
/// # Errors
/// When the key that seals is not here. A factor that cannot be opened has no trust to go on.
pub async fn renew_trust(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    factor: &SecondFactor,
) -> Outcome<()> {
    let Ok(opened) = open(services, user.id, factor) else {
        return Ok(());
    };
    let keys = services.keys.sealing(transaction).await?;
    let mut with = TrustedWith::new(&keys, &user.password_hash, &opened, factor);
    with.earlier
        .push(without_key(&user.password_hash, &opened, factor));
    with.replace_by(transaction, user.id, &with).await?;
    Ok(())
}

/// As versions before stored it. A number has few enough values to try them all against it.
fn without_key(password_hash: &str, opened: &Opened, factor: &SecondFactor) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"twofold trusted browser 1\0")
        .chain_update((password_hash.len() as u64).to_be_bytes())
        .chain_update(password_hash)
        .chain_update(opened.bytes())
        .chain_update(factor.enabled_at.seconds().to_be_bytes())
        .finalize()
        .into()
}

/// The trusted browser that skips the second factor of a user.
pub async fn trust_of(
    change: &Change<'_>,
    user: UserId,
    trusted_with: &TrustedWith,
    held: &Held,
) -> Stored<Option<TrustedBrowserId>> {
    let Some(token) = &held.trusted else {
        return Ok(None);
    };
    let (hash, now) = (token.hash(TRUSTED), change.services.now());
    let current = &trusted_with.current;
    let trusted = find_trusted_browser(change.db(), user, &hash, current, now).await?;
    let is_allowed = may_trust_browsers(change.db(), user).await?;
    Ok(trusted.filter(|_| is_allowed))
}

/// Trusts a browser whose user has just given a code, unless an account of theirs forbids it.
pub async fn trust(change: &Change<'_>, user: &User) -> Outcome<Option<Token>> {
    let (services, db) = (change.services, change.db());
    let Some(factor) = find_second_factor(db, user.id).await? else {
        return Ok(None);
    };
    if !may_trust_browsers(db, user.id).await? {
        return Ok(None);
    }
    let opened = open(services, user.id, &factor)?;
    let keys = services.keys.sealing(db).await?;
    let trusted_with = TrustedWith::new(&keys, &user.password_hash, &opened, &factor);
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

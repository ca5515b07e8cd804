//! Tries, taken before a password is looked at, so that as many at once are as many one after the other.
//!
//! An address can be that of two users: of the one who has it, and of one who has lost it and signs in by it for a while.
//! Each password has its own tries, taken just before it is compared and given back only where it was the right one: to
//! sign in with one's own password is no way to guess at the other's for nothing. In a browser that is known to one of
//! them, that one's password is looked at first, on the browser's own count; the other's, as everybody's in a browser that
//! is known to neither, on that of strangers. So who is known to one has no more tries at the other than a stranger has.

use app::types::email::EmailAddress;
use app::types::ids::UserId;
use uuid::Uuid;

use super::turns::Turn;
use crate::audit::Event;
use crate::browsers::{FromBrowser, known_to};
use crate::change::Change;
use crate::letters::{Addressed, Letter};
use crate::limits::{self, Bucket, Limit, give_back, take_each};
use crate::{Failure, Outcome, Services};
use domain::sign_in::{Claim, looked_at};
use storage::known_browsers::KnownTo;
use storage::lost_addresses::WhoHasLost;
use storage::users::{User, find_user_or_stand_in};

/// One whose password is looked at for an address, or nobody in their place.
pub(super) struct Claimant {
    /// The user; nobody's password costs the same.
    pub(super) user: Option<User>,
    claim: Claim,
    /// The browser, where it is known to the user.
    pub(super) known: Option<KnownTo>,
}

impl Claimant {
    /// Looked up for nobody too: an answer that came sooner would say that there is no user.
    pub(super) async fn find(
        services: &Services,
        claim: Claim,
        user: Option<User>,
        from: &FromBrowser<'_>,
    ) -> Outcome<Self> {
        let whose = user.as_ref().map_or(UserId::new(Uuid::nil()), |it| it.id);
        let known = known_to(services.database.read(), whose, from.held).await?;
        Ok(Self { user, claim, known })
    }

    /// Whether the browser is known to the user.
    pub(super) const fn is_known(&self) -> bool {
        self.known.is_some()
    }

    /// What strangers have at this password. That of whoever has lost the address is theirs and no address's; where
    /// nobody has, as much is counted.
    fn of_strangers(&self, email: &EmailAddress) -> Bucket {
        let limit = Limit::PasswordsOfStrangers;
        match (self.claim, &self.user) {
            (Claim::Holder, _) => limit.of_address(email),
            (Claim::Loser, Some(user)) => limit.of_address_of(user),
            (Claim::Loser, None) => limit.of_address_and_user(email, UserId::new(Uuid::nil())),
        }
    }
}

/// Whose password is looked at, in this order. While anybody signs in by an address that they have lost, it is two for
/// every address: one that cost more than others would be known for it.
pub(super) async fn claimants(
    services: &Services,
    holder: Option<User>,
    lost: WhoHasLost,
    from: &FromBrowser<'_>,
) -> Outcome<Vec<Claimant>> {
    let holder = Claimant::find(services, Claim::Holder, holder, from).await?;
    if !lost.is_anybody {
        return Ok(vec![holder]);
    }
    let loser = Claimant::find(services, Claim::Loser, lost.user, from).await?;
    Ok(match looked_at(holder.is_known(), loser.is_known()) {
        [Claim::Holder, _] => vec![holder, loser],
        [Claim::Loser, _] => vec![loser, holder],
    })
}

/// What was taken for one password.
pub(super) struct TriesTaken {
    /// What it was taken off; given back where the password is the right one.
    pub(super) buckets: Vec<Bucket>,
    /// The browser, where it is known to whose password it is.
    pub(super) known: Option<KnownTo>,
    /// Whether the password counts; where it does not, the answer is that of a wrong one, at the same cost.
    pub(super) is_heard: bool,
}

impl TriesTaken {
    const NOTHING: Self = Self {
        buckets: Vec::new(),
        known: None,
        is_heard: false,
    };
}

/// The tries of one sign-in at an address, one password after the other.
pub(super) struct Tries<'a> {
    email: &'a EmailAddress,
    /// Of the client address, from which one try is taken for both passwords.
    client: Option<Bucket>,
    /// Whether the browser is known to whoever came first.
    is_after_known: bool,
    /// Held until they are settled: many right passwords at once must not use up what is left for wrong ones.
    turn: Option<Turn>,
}

impl<'a> Tries<'a> {
    pub(super) const fn at(email: &'a EmailAddress) -> Self {
        Self {
            email,
            client: None,
            is_after_known: false,
            turn: None,
        }
    }

    /// Takes a try at the password of a claimant.
    ///
    /// # Errors
    /// `Paused` where the browser's own tries are used up, or those of the client address and the browser is known to
    /// nobody.
    pub(super) async fn take(
        &mut self,
        services: &Services,
        claimant: &Claimant,
        from: &FromBrowser<'_>,
    ) -> Outcome<TriesTaken> {
        if let Some(known) = claimant.known {
            self.is_after_known = true;
            let own = Limit::PasswordsOfBrowser.of_browser(known.key);
            limits::admit(services, &own).await?;
            return Ok(TriesTaken {
                buckets: vec![own],
                known: Some(known),
                is_heard: true,
            });
        }
        if self.is_after_known && matches!((claimant.claim, &claimant.user), (Claim::Loser, None)) {
            // The browser's user is told nothing that they do not know.
            return Ok(TriesTaken::NOTHING);
        }
        match self.take_as_stranger(services, claimant, from).await {
            // The network has no try left, but the browser is known to the other.
            Err(Failure::Refused(_)) if self.is_after_known => Ok(TriesTaken::NOTHING),
            taken => taken,
        }
    }

    async fn take_as_stranger(
        &mut self,
        services: &Services,
        claimant: &Claimant,
        from: &FromBrowser<'_>,
    ) -> Outcome<TriesTaken> {
        let strangers = claimant.of_strangers(self.email);
        let (client, wanted) = match self.client {
            Some(client) => (client, vec![strangers]),
            None => self.stand_in_line(services, strangers, from).await?,
        };
        let change = Change::by_visitor(services, from.visitor).await?;
        let spent = take_each(services, change.db(), &wanted).await?;
        let of_client = wanted.iter().zip(&spent).find(|(one, _)| **one == client);
        // What was taken of the other goes back with the transaction.
        if let Some(until) = of_client.and_then(|(_, spent)| *spent) {
            return Err(client.refusal(services, until).into());
        }
        self.client = Some(client);
        let is_heard = spent.iter().all(Option::is_none);
        let is_told = !is_heard && matches!(claimant.claim, Claim::Holder);
        if is_told {
            let user = claimant.user.as_ref();
            tell_of_guessing(&change, self.email, user).await?;
        }
        change.commit().await?;
        let mut buckets = vec![client];
        buckets.extend(is_heard.then_some(strangers));
        Ok(TriesTaken {
            buckets,
            known: None,
            is_heard,
        })
    }

    /// Waits for a turn at the address; gives the bucket of the client address, and what is to be taken still.
    async fn stand_in_line(
        &mut self,
        services: &Services,
        strangers: Bucket,
        from: &FromBrowser<'_>,
    ) -> Outcome<(Bucket, Vec<Bucket>)> {
        let client = Limit::PasswordsOfClient.of_client(from.visitor);
        let (turn, wanted) = match services.turns.stand(self.email.as_str()).at_once() {
            Ok(turn) => (turn, vec![client, strangers]),
            Err(place) => {
                // Paid first: who has no try left stands in nobody's way.
                limits::admit(services, &client).await?;
                let turn = place.wait().await;
                if !turn.is_one() {
                    tracing::debug!("a password of a stranger is looked at without a turn");
                }
                (turn, vec![strangers])
            }
        };
        self.turn = Some(turn);
        Ok((client, wanted))
    }
}

/// Strangers have used up their wrong passwords for an address: once a day its user hears of it, and of the way in that
/// is left. Nobody's user costs the same.
async fn tell_of_guessing(
    change: &Change<'_>,
    email: &EmailAddress,
    user: Option<&User>,
) -> Outcome<()> {
    let told = Limit::GuessingMails.of_address(email);
    if change.take(&told).await?.is_some() {
        return Ok(());
    }
    let stand_in = match user {
        Some(_) => None,
        None => find_user_or_stand_in(change.db(), email).await?,
    };
    let whose = user.or(stand_in.as_ref());
    let is_meant = user.is_some_and(|user| !user.is_disabled);
    let letter = Letter::PasswordGuessed;
    if let Some(whose) = whose {
        let part = change.savepoint().await?;
        let event = Event::PasswordGuessed;
        part.record_own(whose, &event).await?;
        if is_meant {
            part.queue(whose, &letter).await?;
        }
        part.end(is_meant).await?;
    }
    if !is_meant {
        let like = whose.map(Addressed::from);
        change
            .queue_for_nobody(email.as_str(), like, &letter)
            .await?;
    }
    Ok(())
}

/// In a transaction of its own.
pub(super) async fn give_tries_back(services: &Services, taken: &TriesTaken) -> Outcome<()> {
    let change = Change::by_server(services).await?;
    give_back(change.db(), &taken.buckets).await?;
    change.commit().await?;
    Ok(())
}

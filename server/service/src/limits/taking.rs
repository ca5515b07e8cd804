//! Takes tries from buckets, gives them back, and makes the refusal where none is left.

use app::types::limited::Limited;
use app::types::timestamp::Timestamp;

use super::bucket::Bucket;
use crate::change::Change;
use crate::refusal::Refusal;
use crate::{Outcome, Services};
use domain::attempts::BudgetVerdict;
use storage::tries::{forget_tries, give_tries_back, spent_until, take_tries};
use storage::{ConnectionTrait, Stored};

impl Bucket {
    fn say_spent(&self, services: &Services, until: Timestamp) {
        let (word, now) = (self.limit.word(), services.now());
        services.metrics.count_spent_limit(word);
        services.refusals.note_spent(word, &self.hash, until, now);
    }

    /// The refusal until a moment. A limit on guesses logs a refused guess: a secret was given and is not checked.
    pub fn refusal(&self, services: &Services, until: Timestamp) -> Refusal {
        let now = services.now();
        let refusal = self.limit.refusal(seconds_until(until, now));
        let of = Limited::WrongSecrets;
        if matches!(refusal, Refusal::Paused { of: it, .. } if it == of) {
            services.refusals.note_guess("paused", now);
        }
        refusal
    }

    /// Forgets all tries, those of its whole among them.
    pub async fn forget(&self, transaction: &impl ConnectionTrait) -> Stored<()> {
        for hash in self.hashes() {
            forget_tries(transaction, hash).await?;
        }
        Ok(())
    }
}

impl Change<'_> {
    /// Takes one try from a bucket; the refusal of its limit when none was left.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn take(&self, bucket: &Bucket) -> Stored<Option<Refusal>> {
        let taken = take_each(self.services, self.db(), &[*bucket]).await?;
        let until = taken.into_iter().next().flatten();
        Ok(until.map(|until| bucket.refusal(self.services, until)))
    }

    /// The same for what is refused without a try.
    ///
    /// # Errors
    /// The refusal of the limit; faults of the database.
    pub async fn take_or_refuse(&self, bucket: &Bucket) -> Outcome<()> {
        let spent = self.take(bucket).await?;
        spent.map_or(Ok(()), |refusal| Err(refusal.into()))
    }
}

/// Takes one try from each of these different buckets; `Some(start of the next window)` for those that had none left.
pub async fn take_each(
    services: &Services,
    transaction: &impl ConnectionTrait,
    buckets: &[Bucket],
) -> Stored<Vec<Option<Timestamp>>> {
    let verdicts = take_unsaid(services, transaction, buckets).await?;
    for (bucket, spent) in buckets.iter().zip(&verdicts) {
        if let Some(until) = *spent {
            bucket.say_spent(services, until);
        }
    }
    Ok(verdicts)
}

/// Takes one try from every bucket; the refusal of `shared` when none had one left. So each of `own` keeps its own tries while
/// `shared` is empty, and counts against `shared` otherwise.
pub async fn take_any(
    services: &Services,
    transaction: &impl ConnectionTrait,
    own: &[Bucket],
    shared: Bucket,
) -> Stored<Option<Refusal>> {
    let wanted: Vec<_> = own.iter().copied().chain([shared]).collect();
    let verdicts = take_unsaid(services, transaction, &wanted).await?;
    let is_spent = verdicts.iter().all(Option::is_some);
    let until = verdicts.last().copied().flatten().filter(|_| is_spent);
    if let Some(until) = until {
        shared.say_spent(services, until);
    }
    Ok(until.map(|until| shared.refusal(services, until)))
}

/// Takes one try from each bucket, without a log line or metric for empty ones. Where a bucket is part of a whole, a try is
/// taken from both or from neither: a part that has used up its tries must not also use up those of the whole.
pub async fn take_unsaid(
    services: &Services,
    transaction: &impl ConnectionTrait,
    buckets: &[Bucket],
) -> Stored<Vec<Option<Timestamp>>> {
    let limits = &services.settings.limits;
    // All at once, since they are locked in one order.
    let wanted: Vec<_> = buckets.iter().flat_map(|one| one.wanted(limits)).collect();
    let taken = take_tries(transaction, &wanted, services.now()).await?;
    let mut taken = taken.into_iter().map(until);
    let (mut verdicts, mut too_many) = (Vec::with_capacity(buckets.len()), Vec::new());
    for bucket in buckets {
        let of_own = taken.next().flatten();
        let of_whole = bucket.whole.as_ref().and_then(|_| taken.next().flatten());
        match (&bucket.whole, of_own, of_whole) {
            (Some(whole), Some(_), None) => too_many.push(whole.as_slice()),
            (_, None, Some(_)) => too_many.push(bucket.hash.as_slice()),
            _ => {}
        }
        verdicts.push(of_own.or(of_whole));
    }
    if !too_many.is_empty() {
        give_tries_back(transaction, &too_many).await?;
    }
    Ok(verdicts)
}

const fn until(verdict: BudgetVerdict) -> Option<Timestamp> {
    match verdict {
        BudgetVerdict::Within { .. } => None,
        BudgetVerdict::Spent { until } => Some(until),
    }
}

/// Takes one try from all of these buckets or from none; the refusal of the one that is spent for longest, where one is.
pub async fn take_all(change: &Change<'_>, buckets: &[Bucket]) -> Stored<Option<Refusal>> {
    let verdicts = take_each(change.services, change.db(), buckets).await?;
    let spent = buckets.iter().zip(&verdicts);
    let spent = spent.filter_map(|(bucket, until)| until.map(|until| (until, bucket)));
    let spent = spent.max_by_key(|(until, _)| *until);
    if spent.is_some() {
        let taken = buckets.iter().zip(&verdicts);
        let taken: Vec<_> = taken
            .filter(|(_, spent)| spent.is_none())
            .map(|(bucket, _)| *bucket)
            .collect();
        give_back(change.db(), &taken).await?;
    }
    Ok(spent.map(|(until, bucket)| bucket.refusal(change.services, until)))
}

/// Takes a try off all buckets of the first of these that has one left in each: which one it was. That those before it
/// had none is said only where none has: what is done another day is no refusal.
pub async fn take_one_of(
    services: &Services,
    transaction: &impl ConnectionTrait,
    choices: &[Vec<Bucket>],
) -> Stored<Option<usize>> {
    let mut spent_first = None;
    for (index, buckets) in choices.iter().enumerate() {
        let verdicts = take_unsaid(services, transaction, buckets).await?;
        if verdicts.iter().all(Option::is_none) {
            return Ok(Some(index));
        }
        let of_verdict = buckets.iter().zip(&verdicts);
        let taken: Vec<_> = of_verdict
            .clone()
            .filter_map(|(bucket, spent)| spent.is_none().then_some(*bucket))
            .collect();
        give_back(transaction, &taken).await?;
        let spent = of_verdict.filter_map(|(bucket, spent)| spent.map(|until| (*bucket, until)));
        spent_first.get_or_insert_with(|| spent.collect::<Vec<_>>());
    }
    for (bucket, until) in spent_first.unwrap_or_default() {
        bucket.say_spent(services, until);
    }
    Ok(None)
}

/// Gives one try back to each of these buckets, because it turned out not to count.
pub async fn give_back(transaction: &impl ConnectionTrait, buckets: &[Bucket]) -> Stored<()> {
    let hashes: Vec<_> = buckets.iter().flat_map(Bucket::hashes).collect();
    give_tries_back(transaction, &hashes).await
}

/// Takes a try in a transaction of its own, before anything that costs.
///
/// # Errors
/// The refusal of the limit when none is left.
pub async fn admit(services: &Services, bucket: &Bucket) -> Outcome<()> {
    let change = Change::by_server(services).await?;
    let spent = change.take(bucket).await?;
    change.commit().await?;
    spent.map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// For how many seconds nothing is left in a bucket; nothing where something is.
pub async fn waits(change: &Change<'_>, bucket: &Bucket) -> Stored<Option<u32>> {
    let now = change.services.now();
    let mut longest = None;
    for wanted in bucket.wanted(&change.services.settings.limits) {
        longest = longest.max(spent_until(change.db(), wanted, now).await?);
    }
    Ok(longest.map(|until| seconds_until(until, now)))
}

/// Seconds until a moment, one at least.
pub fn seconds_until(until: Timestamp, now: Timestamp) -> u32 {
    u32::try_from(until.since(now).max(1)).unwrap_or(u32::MAX)
}

//! People at work while the server is killed again and again.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crypto::clock::{Clock as _, SystemClock};
use domain::totp::TimeStep;
use serde_json::json;
use tempfile::tempdir;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::invariants::Truth;
use crate::person::Person;
use crate::post;
use crate::process::{Chance, TWOFOLD};
use crate::support::{Browser, PASSWORD, ServerProcess};
use crate::{kills, seed};

/// Tasks that call at the same time, each for some people.
const TASKS: usize = 4;
const PEOPLE_OF_A_TASK: usize = 3;
/// Acknowledged acts between two kills, at most.
const MOST_ACTS: u64 = 30;

/// Says when the server is to be killed: after so many acts.
struct Countdown {
    left: AtomicU64,
    over: Notify,
}

impl Countdown {
    fn count(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.over.notify_one();
        }
    }
}

/// Lets people act until the server is gone.
async fn work(
    base: String,
    mut people: Vec<Person>,
    chance: Chance,
    countdown: Arc<Countdown>,
) -> Vec<Person> {
    loop {
        let at = chance.below(people.len() as u64);
        let person = &mut people[usize::try_from(at).unwrap()];
        if person.act(&base, chance.below(7)).await.is_err() {
            return people;
        }
        countdown.count();
    }
}

/// One life of the server: started, used, killed in the middle of it.
async fn life(
    server: ServerProcess,
    people: Vec<Vec<Person>>,
    chance: &Chance,
) -> Vec<Vec<Person>> {
    let countdown = Arc::new(Countdown {
        // What is counted after the end goes below zero, which is far above it.
        left: AtomicU64::new(1 + chance.below(MOST_ACTS)),
        over: Notify::new(),
    });
    let mut tasks = JoinSet::new();
    for some in people {
        let (base, chance) = (server.base.clone(), chance.split());
        tasks.spawn(work(base, some, chance, countdown.clone()));
    }
    countdown.over.notified().await;
    chance.dawdle();
    server.kill().await;
    tasks.join_all().await
}

/// What was spent is not taken again, sessions that were acknowledged live, and those that ended are dead.
async fn try_again(base: &str, person: &mut Person, with_codes: bool) {
    if let Some(browser) = &person.browser {
        let mut browser = Browser::new(base).with(&browser.cookies);
        assert_eq!(browser.state().await, "signed_in", "{}", person.email);
    }
    if let Some(cookies) = &person.ended {
        let mut browser = Browser::new(base).with(cookies);
        assert_eq!(browser.state().await, "signed_out", "{}", person.email);
    }
    let Some(factor) = person.factor.as_ref().filter(|_| with_codes) else {
        return;
    };
    let mut browser = Browser::new(base);
    let body = json!({ "email": person.email, "password": PASSWORD });
    browser.call("sign-in/password", body).await.expect(200);
    // Out of its window it would be a wrong code like any other, and count.
    let age = TimeStep::at(SystemClock.now()).0 - factor.last.0.0;
    if age <= 0 {
        let reply = browser.give_code(&factor.last.1).await;
        reply.refused(422, "wrong_code");
    }
    if let Some(code) = factor.used.last() {
        let reply = browser.give_recovery_code(code).await;
        reply.refused(422, "wrong_code");
    }
}

/// Holds everybody's book against the database of a server that has just started.
async fn check(folder: &Path, base: &str, people: &mut [Vec<Person>], round: u64) {
    let truth = Truth::of(folder).await;
    truth.is_whole().await;
    for (at, person) in (0..).zip(people.iter_mut().flatten()) {
        let was_unsure = person.unsure.is_some();
        truth.check(person).await;
        let is_next = round % 12 == at;
        try_again(base, person, was_unsure || is_next).await;
    }
}

/// F04, F87: what was acknowledged outlives any kill, what was not is done wholly or not at all, and nothing is taken twice.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_and_nothing_is_taken_twice() {
    let folder = tempdir().unwrap();
    let chance = Chance::new(seed());
    let mut people = Vec::new();
    for task in 0..TASKS {
        let mut some = Vec::new();
        for number in 0..PEOPLE_OF_A_TASK {
            some.push(Person::new(folder.path(), task * PEOPLE_OF_A_TASK + number).await);
        }
        people.push(some);
    }
    let (mut unanswered, mut done) = (0, 0);
    for round in 0..kills() {
        let server = TWOFOLD.serve(folder.path()).await;
        check(folder.path(), &server.base, &mut people, round).await;
        people = life(server, people, &chance).await;
        let cut = people.iter().flatten().filter(|one| one.unsure.is_some());
        unanswered += cut.count();
    }
    let server = TWOFOLD.serve(folder.path()).await;
    check(folder.path(), &server.base, &mut people, 0).await;
    let everybody: Vec<_> = people.iter().flatten().collect();
    let truth = Truth::of(folder.path()).await;
    post::check(folder.path(), &truth, &everybody).await;
    server.kill().await;
    for person in people.iter().flatten() {
        done += person.book.values().sum::<i64>();
    }
    println!(
        "crash: {} kills survived, {done} changes, {unanswered} of them cut off",
        kills()
    );
    assert!(done > 0 && unanswered > 0, "nobody was cut off");
}

//! Rotation: killed at any moment, beside a server that works, and with replicas whose files differ.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crypto::clock::FixedClock;
use crypto::random::SeededRandom;
use service::keys::rotation;
use service::{Failure, Fault, Services};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::bulk_users::{OWNER, crowd, is_whole, now, sign_in, sign_in_all};
use crate::process::{TWOFOLD, command, twofold};
use crate::support::{Authenticator, Browser, NUMBER, START, SmsGateway, TestApp};

const CROWD: u32 = 220;
const KILLS: u64 = 40;
/// Each is killed until one comes to its end by itself; more than these are not needed.
const MOST_ROTATIONS: u64 = 20;
/// How many rounds of nothing may pass at most before a kill: some milliseconds, the time of a batch and more.
const LONGEST_SPIN: u64 = 1_500_000;

/// The key that a line of `keys check` names as current, and all lines.
fn current(check: &str) -> String {
    let line = check.lines().find(|line| line.contains("\tcurrent\t"));
    line.unwrap().split('\t').next().unwrap().to_owned()
}

/// Starts a rotation and kills it after so many lines, and then so much spinning. True when it did not end before.
async fn rotate_and_kill(app: &TestApp, lines: u64, spin: u64) -> bool {
    let mut child = command(app.folder(), &["keys", "rotate"]).spawn().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..lines {
        if said.next_line().await.unwrap().is_none() {
            break;
        }
    }
    for _ in 0..spin {
        std::hint::spin_loop();
    }
    let _ = child.start_kill();
    let status = child.wait().await.unwrap();
    status.signal() == Some(9)
}

/// Kills come after no line at all (during start and take-over) or after one or two, and then somewhere in the next batches.
#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_is_killed_at_any_moment_loses_nothing_and_goes_on() {
    let mut app = TestApp::start().await;
    let people = crowd(&app, CROWD).await;
    app.stop().await;
    let mut killed = 0;
    for rotation in 0..MOST_ROTATIONS {
        if killed >= KILLS {
            break;
        }
        twofold(app.folder(), &["keys", "add"]).await.ok();
        for kill in rotation.. {
            let spin = (kill * 7_919 + rotation * 104_729) * 97 % LONGEST_SPIN;
            if !rotate_and_kill(&app, kill % 3, spin).await {
                break;
            }
            killed += 1;
            let check = twofold(app.folder(), &["keys", "check"]).await.ok();
            assert!(check.out.contains("can be opened"), "{}", check.out);
        }
        let done = twofold(app.folder(), &["keys", "rotate"]).await.ok();
        assert!(done.out.contains("Everything is sealed"), "{}", done.out);
        let check = twofold(app.folder(), &["keys", "check"]).await.ok().out;
        let all = format!("second factors {}", CROWD + 1);
        let line = check.lines().find(|line| line.contains("\tcurrent\t"));
        assert!(line.unwrap().contains(&all), "{check}");
        let kept = check.lines().filter(|line| line.contains("\tkept\t"));
        assert!(
            kept.clone().all(|line| line.ends_with("nothing")),
            "{check}"
        );
    }
    assert!(killed >= KILLS, "only {killed} rotations were killed");
    for person in &people {
        assert!(
            is_whole(&app, person).await,
            "{}",
            person.user.email.shown()
        );
    }
    let server = TWOFOLD.serve(app.folder()).await;
    assert_eq!(sign_in_all(&server.base, &people).await, 199);
    server.kill().await;
}

/// Enrols a new user, whom the operator has let in, through the pages' functions, and signs them in with the next thing they have: a recovery code.
async fn enrol(base: &str, folder: &Path, email: &str) {
    let allow = ["user", "allow-first-factor", email];
    twofold(folder, &allow).await.ok();
    let mut browser = Browser::new(base);
    browser.sign_in(email).await.expect(200);
    let enrolment = browser.begin("enable", None).await.expect(200).json();
    let app = Authenticator::new(enrolment["key"].as_str().unwrap());
    let reply = browser.confirm(&enrolment["id"], &app.code(now())).await;
    let codes = reply.expect(200).json();
    let mut browser = Browser::new(base);
    browser.sign_in(email).await.expect(200);
    let code = codes["codes"][0].as_str().unwrap();
    browser.give_recovery_code(code).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_sign_in_and_enrol_all_the_while_and_a_dropped_key_is_missed_by_nobody() {
    let mut app = TestApp::start().await;
    let people = crowd(&app, 60).await;
    // Everybody after the first forty begins anew.
    let (enrolled, others) = people.split_at(40);
    for person in others {
        let id = data_encoding::HEXLOWER.encode(person.user.id.uuid().as_bytes());
        app.sql(&format!(
            "DELETE FROM second_factors WHERE user_id = x'{id}'"
        ))
        .await;
        let transaction = app.services.database.begin_write().await.unwrap();
        let bound = service::factor_set::bind(&app.services, &transaction, person.user.id);
        bound.await.unwrap();
        transaction.commit().await.unwrap();
    }
    app.stop().await;
    let server = TWOFOLD.serve(app.folder()).await;
    let is_done = Arc::new(AtomicBool::new(false));
    let rotating = tokio::spawn({
        let (folder, is_done) = (app.folder().to_owned(), is_done.clone());
        async move {
            let mut rotations = 0;
            while !is_done.load(Ordering::Relaxed) || rotations < 3 {
                let first = current(&twofold(&folder, &["keys", "check"]).await.ok().out);
                twofold(&folder, &["keys", "add"]).await.ok();
                // Two beside each other: neither undoes what the other did.
                let arguments = ["keys", "rotate"];
                let (one, other) =
                    tokio::join!(twofold(&folder, &arguments), twofold(&folder, &arguments));
                one.ok();
                other.ok();
                twofold(&folder, &["keys", "drop", &first]).await.ok();
                rotations += 1;
            }
            rotations
        }
    });
    let (base, folder) = (&server.base, app.folder());
    let (some, more) = others.split_at(others.len() / 2);
    let enrolling = |people: &[crate::bulk_users::Person]| {
        let people = people.to_vec();
        async move {
            for person in people {
                enrol(base, folder, person.user.email.shown()).await;
            }
        }
    };
    tokio::join!(
        sign_in_all(base, enrolled),
        enrolling(some),
        enrolling(more)
    );
    is_done.store(true, Ordering::Relaxed);
    let rotations = rotating.await.unwrap();
    assert!(rotations >= 3);
    let check = twofold(app.folder(), &["keys", "check"]).await.ok().out;
    // The one key left is the current one; every other was dropped.
    let keys = check.lines().filter(|line| line.contains('\t')).count();
    assert_eq!(keys, 1, "{check}");
    let log = server.kill().await;
    assert!(!log.contains("ERROR"), "{log}");
}

/// Services as another replica has them: the same database, a file of keys of its own.
async fn replica(app: &TestApp, keys: &std::path::Path) -> Arc<Services> {
    let mut settings = app.settings();
    settings.keys_file = Some(keys.to_owned());
    let (clock, random) = (Arc::new(FixedClock::new(START)), SeededRandom::new(7));
    server::application::build_services(settings, clock, Arc::new(random))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_replica_without_the_key_says_which_is_missing_and_goes_on_once_it_has_it() {
    let app = TestApp::start().await;
    let people = crowd(&app, 3).await;
    let folder = tempfile::tempdir().unwrap();
    let theirs = folder.path().join("keys");
    let ours = app.folder().join("keys");
    std::fs::copy(&ours, &theirs).unwrap();
    let other = replica(&app, &theirs).await;
    let key = rotation::add(&app.services).await.unwrap();
    // Known here, used nowhere: both seal with the old one.
    for services in [&app.services, &other] {
        let transaction = services.database.begin_write().await.unwrap();
        let keys = services.keys.sealing(&transaction).await.unwrap();
        assert_ne!(keys.current(), key);
    }
    rotation::rotate(&app.services, None, &mut |_| {})
        .await
        .unwrap();
    let transaction = other.database.begin_write().await.unwrap();
    let failure = other.keys.sealing(&transaction).await.err().unwrap();
    assert!(
        matches!(failure, Failure::Fault(Fault::KeyMissing(missing)) if missing == key),
        "{failure:?}"
    );
    drop(transaction);
    std::fs::copy(&ours, &theirs).unwrap();
    let transaction = other.database.begin_write().await.unwrap();
    let keys = other.keys.sealing(&transaction).await.unwrap();
    assert_eq!(keys.current(), key);
    drop(transaction);
    assert!(is_whole(&app, people.first().unwrap()).await);
}

#[tokio::test]
async fn a_sign_in_that_began_before_a_rotation_ends_after_it() {
    let app = TestApp::start().await;
    let (_, authenticator) = app.member_with_two_factor(OWNER).await;
    let mut browser = app.browser();
    browser.sign_in(OWNER).await.expect(200);
    rotation::add(&app.services).await.unwrap();
    rotation::rotate(&app.services, None, &mut |_| {})
        .await
        .unwrap();
    app.clock.advance(30);
    let code = authenticator.code(START + 30);
    browser.give_code(&code).await.expect(200);
    assert!(
        app.events()
            .await
            .iter()
            .any(|event| event.starts_with("sealing_key_changed "))
    );
}

/// What is kept of a code is made with a key, too.
#[tokio::test]
async fn a_code_by_sms_that_was_sent_before_a_rotation_is_good_after_it() {
    let gateway = SmsGateway::start().await;
    let app = gateway.app().await;
    let mut browser = app.member(OWNER).await;
    browser.enable_sms(&gateway, NUMBER).await;
    app.clock.advance(10 * 60 + 1);
    let mut browser = app.browser();
    browser.sign_in(OWNER).await.expect(200);
    browser.send_sign_in_code().await.expect(200);
    let code = gateway.last_code();
    rotation::add(&app.services).await.unwrap();
    rotation::rotate(&app.services, None, &mut |_| {})
        .await
        .unwrap();
    browser.give_code(&code).await.expect(200);
    browser = app.browser();
    browser.sign_in(OWNER).await.expect(200);
    browser.send_sign_in_code().await.expect(200);
    let code = gateway.last_code();
    browser.give_code(&code).await.expect(200);
}

#[tokio::test]
async fn a_real_server_signs_in_who_enrolled_before_it_knew_of_the_key() {
    let mut app = TestApp::start().await;
    let people = crowd(&app, 2).await;
    app.stop().await;
    let server = TWOFOLD.serve(app.folder()).await;
    twofold(app.folder(), &["keys", "add"]).await.ok();
    twofold(app.folder(), &["keys", "rotate"]).await.ok();
    for person in &people {
        sign_in(&server.base, person).await;
    }
    server.kill().await;
}

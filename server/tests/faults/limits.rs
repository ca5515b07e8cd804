//! Every setting under `limits`, played at its door: so many tries pass, the next one does not and says until when, nobody
//! else is held up by it, and the window is as long as the operator's page says. A setting that is added fails here
//! until it has its line.

mod doors;
mod lines;
mod stage;

use std::collections::BTreeSet;

use lines::{Beyond, LINES, Line, Span};
use service::limits::PARTS;
use service::upkeep;
use settings::KEYS;
use stage::{Stage, Whose};

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// Whether a try passed, by what its line says of those that do not.
async fn passes(stage: &mut Stage, line: &Line, whose: Whose) -> bool {
    let before = stage.spent(line.counted_as);
    stage.tries += 1;
    let reply = (line.door)(stage, whose).await;
    let is_spent = stage.spent(line.counted_as) > before;
    let wait = stage.wait_of(line.span);
    let name = line.setting;
    let is_refused = reply.status == 429;
    if is_refused {
        let code = match line.beyond {
            Beyond::Refused(code) => code,
            // Where no day of the week to come has room.
            Beyond::Waits => "invitation_mails",
            Beyond::ReadsAsWrong => "wrong_secrets",
        };
        let body = reply.json();
        let said = body["of"].as_str().or(body["code"].as_str());
        assert_eq!(said, Some(code), "{name}: {}", reply.text);
        assert_eq!(reply.json()["retry_after"], wait, "{name}");
        assert_eq!(reply.headers["retry-after"], wait.to_string(), "{name}");
    }
    let is_beyond = match line.beyond {
        Beyond::Refused(_) => is_refused,
        Beyond::Waits => {
            let until = reply.json()["waits_until"].as_i64();
            if let Some(until) = until {
                assert_eq!(until, stage.clock() + wait, "{name}: {}", reply.text);
            }
            is_refused || until.is_some()
        }
        Beyond::ReadsAsWrong => {
            assert_eq!(reply.code(), "wrong_credentials", "{name}");
            is_spent
        }
    };
    // What is done on another day is not refused, so that nothing is said of a limit.
    let is_said = match line.beyond {
        Beyond::Waits => is_refused,
        Beyond::Refused(_) | Beyond::ReadsAsWrong => is_beyond,
    };
    assert_eq!(is_said, is_spent, "{name}: {} {}", reply.status, reply.text);
    if !is_beyond {
        let code = reply.code();
        assert_eq!(code, line.answer, "{name}: {} {}", reply.status, reply.text);
        stage.first_at.get_or_insert(stage.clock());
    }
    !is_beyond
}

/// A setting that no line plays would be a limit that nobody has seen at work.
#[test]
fn every_limit_that_can_be_set_has_a_line() {
    let limits = KEYS.iter().filter(|key| key.name.starts_with("limits."));
    let settings: BTreeSet<_> = limits.clone().map(|key| key.name).collect();
    let lines: BTreeSet<_> = LINES.iter().map(|line| line.setting).collect();
    assert_eq!(lines, settings);
    for key in limits {
        let mut theirs = LINES.iter().filter(|line| line.setting == key.name);
        // Two count a part of what the one before them counts.
        let is_part = key.meaning().starts_with("How many of them");
        assert!(
            is_part || theirs.all(|line| key.meaning().contains(line.span.words())),
            "{}: {}",
            key.name,
            key.meaning()
        );
    }
}

#[tokio::test]
async fn each_limit_lets_so_many_through_in_its_window_and_counts_nobody_else() {
    for line in LINES {
        let name = line.setting;
        let mut stage = Stage::with(line, line.limit).await;
        for n in 0..line.limit {
            assert!(passes(&mut stage, line, Whose::Own).await, "{name}: {n}");
        }
        assert!(!passes(&mut stage, line, Whose::Own).await, "{name}");
        assert!(
            passes(&mut stage, line, Whose::Other).await,
            "{name}: another"
        );
        stage.advance(stage.wait_of(line.span) - 1);
        assert!(
            !passes(&mut stage, line, Whose::Own).await,
            "{name}: a second early"
        );
        stage.advance(1);
        stage.first_at = None;
        assert!(
            passes(&mut stage, line, Whose::Own).await,
            "{name}: the next window"
        );
    }
}

/// A site of IPv6 has 65,536 networks. Whatever is counted by client address, all of them together have the tries of a few.
#[tokio::test]
async fn the_networks_of_one_site_get_no_budget_each() {
    for line in LINES {
        let mut stage = Stage::with(line, 1).await;
        stage.is_of_one_site = true;
        let (mut passed, most) = (0, PARTS + line.always);
        while passed <= most && passes(&mut stage, line, Whose::Own).await {
            passed += 1;
        }
        assert!(passed <= most, "{}: {passed} of one site", line.counted_as);
    }
}

#[tokio::test]
async fn a_limit_of_none_lets_nothing_through_but_what_nobody_can_take_away() {
    let mut lines = LINES.to_vec();
    // Where a setting is counted for several, the first of them refuses.
    lines.dedup_by_key(|line| line.setting);
    for line in &lines {
        let mut stage = Stage::with(line, 0).await;
        for n in 0..line.always {
            let name = line.setting;
            assert!(passes(&mut stage, line, Whose::Own).await, "{name}: {n}");
        }
        let passed = passes(&mut stage, line, Whose::Own).await;
        assert!(!passed, "{}", line.setting);
    }
}

/// Nobody gets another budget by a clock that is set back, and nobody waits for longer than the step and the window.
#[tokio::test]
async fn a_clock_set_back_gives_no_second_budget_and_lengthens_none_by_more_than_the_step() {
    for step in [HOUR, DAY] {
        // Of a mailbox each day has its own.
        let is_by_day = |line: &&Line| step == DAY && line.span == Span::UntilMidnight;
        for line in LINES.iter().filter(|line| !is_by_day(line)) {
            let name = line.setting;
            let mut stage = Stage::with(line, line.limit).await;
            for n in 0..line.limit {
                assert!(passes(&mut stage, line, Whose::Own).await, "{name}: {n}");
            }
            stage.advance(-step);
            upkeep::remove_expired(&stage.app.services).await.unwrap();
            let passed = passes(&mut stage, line, Whose::Own).await;
            assert!(!passed, "{name}: a second budget, {step} back");
            stage.advance(stage.wait_of(line.span));
            stage.first_at = None;
            let passed = passes(&mut stage, line, Whose::Own).await;
            assert!(passed, "{name}: longer than step and window");
        }
    }
}

/// What was counted in a future further off than a day is forgotten within a minute. Sessions of then end, too: this is
/// tried where none is needed.
#[tokio::test]
async fn what_was_counted_in_a_future_that_was_taken_back_shuts_nobody_out() {
    let lines = LINES
        .iter()
        .filter(|line| line.setting.contains("password"));
    for line in lines {
        let name = line.setting;
        let mut stage = Stage::with(line, line.limit).await;
        for n in 0..line.limit {
            assert!(passes(&mut stage, line, Whose::Own).await, "{name}: {n}");
        }
        stage.advance(-DAY - HOUR);
        upkeep::remove_expired(&stage.app.services).await.unwrap();
        stage.first_at = None;
        assert!(passes(&mut stage, line, Whose::Own).await, "{name}");
    }
}

/// The operator's page says of each window how long it is.
impl Span {
    fn words(self) -> &'static str {
        match self {
            Self::TenMinutes => "10 minutes",
            Self::Quarter => "15 minutes",
            Self::Hour => "an hour",
            Self::Day | Self::UntilMidnight => "a day",
        }
    }
}

//! A server with one limit that is small and all others out of the way, and who tries.

use std::pin::Pin;

use settings::{Limits, Settings, SmsGatewayKind};

use super::lines::{Line, Span};
use crate::support::{Browser, Reply, TestApp};

pub(super) const ADA: &str = "ada@example.org";
pub(super) const BOB: &str = "bob@example.org";
const DAY: i64 = 24 * 60 * 60;

/// A try at a door.
pub(super) type Door =
    for<'a> fn(&'a mut Stage, Whose) -> Pin<Box<dyn Future<Output = Reply> + 'a>>;

/// For whom a try is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// The one whose tries are used up.
    Own,
    /// Somebody who differs from them in nothing but in what the limit is counted for.
    Other,
}

impl Whose {
    /// One of two.
    pub(super) fn of<T>(self, own: T, other: T) -> T {
        match self {
            Self::Own => own,
            Self::Other => other,
        }
    }
}

pub(super) struct Stage {
    pub(super) app: TestApp,
    /// Where Ada is signed in.
    pub(super) ada: Browser,
    /// Another browser that she has used.
    pub(super) adas_other: Browser,
    /// Where Bob is signed in.
    pub(super) bob: Browser,
    /// Tries up to now, which tell apart what is not to be counted together.
    pub(super) tries: u32,
    /// When the first one passed.
    pub(super) first_at: Option<i64>,
    /// Whether each try comes from another network of one site of IPv6, whatever client it is of.
    pub(super) is_of_one_site: bool,
}

impl Stage {
    /// Ada and Bob are signed in before the limit is what it is.
    pub(super) async fn with(line: &Line, limit: u32) -> Self {
        let app = TestApp::start_with(with_all_doors).await;
        let mut signed_in = Vec::new();
        for email in [ADA, BOB] {
            app.create_user(email).await;
        }
        for email in [ADA, ADA, BOB] {
            let mut browser = app.browser();
            browser.sign_in(email).await.expect(200);
            app.prove_mailbox(email).await;
            // Not all in one second: browsers of a user are counted apart by when they were first seen.
            let earlier = "UPDATE known_browsers SET first_seen_at = first_seen_at - 1";
            app.sql(earlier).await;
            signed_in.push(browser);
        }
        app.sql("DELETE FROM tries").await;
        let of = line.of;
        let app = app
            .restart_with(move |settings| {
                with_all_doors(settings);
                *of(&mut settings.limits) = limit;
            })
            .await;
        let browsers = signed_in
            .iter()
            .map(|before| app.browser().with(&before.cookies));
        let mut browsers = browsers.collect::<Vec<_>>().into_iter();
        let mut next = || browsers.next().unwrap();
        Self {
            ada: next(),
            adas_other: next(),
            bob: next(),
            app,
            tries: 0,
            first_at: None,
            is_of_one_site: false,
        }
    }

    /// A browser that nobody knows, at the client address of this number.
    pub(super) fn stranger(&self, client: u32) -> Browser {
        let mut browser = self.app.browser();
        browser.forwarded_for = Some(self.address_of(client));
        browser
    }

    /// The client address of this number.
    pub(super) fn address_of(&self, client: u32) -> String {
        if self.is_of_one_site {
            format!("2001:db8:1:{:x}::1", self.tries)
        } else {
            format!("192.0.2.{client}")
        }
    }

    /// A user whom nobody has seen before.
    pub(super) async fn newcomer(&self) -> Browser {
        self.app
            .member(&format!("newcomer{}@example.org", self.tries))
            .await
    }

    pub(super) fn clock(&self) -> i64 {
        self.app.services.now().seconds()
    }

    pub(super) fn advance(&self, seconds: i64) {
        self.app.clock.advance(seconds);
    }

    /// Seconds until what was counted from the first try on is forgotten.
    pub(super) fn wait_of(&self, span: Span) -> i64 {
        let first = self.first_at.unwrap_or(self.clock());
        let end = match span {
            Span::TenMinutes => first + 10 * 60,
            Span::Quarter => first + 15 * 60,
            Span::Hour => first + 60 * 60,
            Span::Day => first + DAY,
            Span::UntilMidnight => (first / DAY + 1) * DAY,
        };
        end - self.clock()
    }

    /// How often a limit has refused.
    pub(super) fn spent(&self, word: &str) -> u64 {
        let services = &self.app.services;
        let text = services.metrics.print(None, true, &services.hasher);
        let start = format!("twofold_limit_refusals_total{{limit=\"{word}\"}} ");
        let count = text.lines().find_map(|line| line.strip_prefix(&start));
        count.map_or(0, |count| count.parse().unwrap())
    }
}

/// Everything that a limit is of is open, and no other limit is met.
fn with_all_doors(settings: &mut Settings) {
    settings.trusted_proxies = serde_json::from_str("[\"127.0.0.1\"]").unwrap();
    settings.sign_up = true;
    settings.sms.gateway = Some(SmsGatewayKind::Outbox);
    settings.sms.enrolment = true;
    settings.session.idle_minutes = 10_000;
    settings.session.absolute_hours = 10_000;
    settings.limits = out_of_the_way();
}

/// As many as no test needs.
fn out_of_the_way() -> Limits {
    let names = settings::KEYS
        .iter()
        .filter_map(|key| key.name.strip_prefix("limits."));
    let limits: serde_json::Map<_, _> = names
        .map(|name| (name.to_owned(), 1_000_000.into()))
        .collect();
    serde_json::from_value(limits.into()).unwrap()
}

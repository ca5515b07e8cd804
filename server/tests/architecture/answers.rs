//! What the server's lower layers may name of `app`: values, and what services take and answer with. What a page shows besides
//! is the console's to add (docs/decisions/0050-what-services-answer.md).

use std::collections::BTreeSet;

use crate::assert_none;
use crate::source::{Source, of_the_server, sources};

/// Values: they say what is true, whoever asks. Of a name that ends with `::`, everything is one.
const VALUES: [&str; 33] = [
    "app::events::",
    "app::types::account::AccountRef",
    "app::types::account::AccountRules",
    "app::types::account::RequiringAccount",
    "app::types::day::",
    "app::types::email::",
    "app::types::factors::CodeFactorKind",
    "app::types::factors::FactorKind",
    "app::types::ids::",
    "app::types::limited::",
    "app::types::name::",
    "app::types::one_time_code::",
    "app::types::password::",
    "app::types::recovery_code::",
    "app::types::role::",
    "app::types::secret_text::",
    "app::types::session::SessionEnd",
    "app::types::session::SessionLeft",
    "app::types::sessions::TrustedBrowser",
    "app::types::team::NotSetUp",
    "app::types::timestamp::",
    "app::types::two_factor::Country",
    "app::types::two_factor::Delivery",
    "app::types::two_factor::EnrolmentPurpose",
    "app::types::two_factor::Helper",
    "app::types::two_factor::LetInBy",
    "app::types::two_factor::MailboxAct",
    "app::types::two_factor::RECOVERY_CODES_IN_A_SET",
    "app::types::two_factor::SentCode",
    "app::types::two_factor::SecondProof",
    "app::types::two_factor::StepUp",
    "app::types::users_query::TwoFactorFilter",
    "app::types::users_query::UserSort",
];

/// What use cases take and answer with: facts alone.
const FACTS: [&str; 36] = [
    "app::types::account::AccountEntry",
    "app::types::account::AnnouncedToday",
    "app::types::account::Coverage",
    "app::types::account::EnteredAccount",
    "app::types::account::SettingsChange",
    "app::types::account::Unreachable",
    "app::types::activity::",
    "app::types::factors::FactorShown",
    "app::types::factors::Way",
    "app::types::rolling_out::Uncovered",
    "app::types::session::PendingSignIn",
    "app::types::session::SignInStep",
    "app::types::sessions::KnownBrowser",
    "app::types::sessions::SessionEntry",
    "app::types::sessions::SessionList",
    "app::types::setup::",
    "app::types::team::InvitationOffer",
    "app::types::team::InvitationSent",
    "app::types::team::InvitationShown",
    "app::types::team::InvitationStep",
    "app::types::team::Invitations",
    "app::types::team::InvitedUser",
    "app::types::team::NewInvitation",
    "app::types::team::ResetOfferShown",
    "app::types::team::RevokedInvitations",
    "app::types::team::TeamUser",
    "app::types::two_factor::Enrolment",
    "app::types::two_factor::FirstFactorEntry",
    "app::types::two_factor::MailedCode",
    "app::types::two_factor::QrCode",
    "app::types::two_factor::RecoveryCodes",
    "app::types::two_factor::SecurityOverview",
    "app::types::two_factor::SignInLinkDuty",
    "app::types::two_factor::SmsEnrolment",
    "app::types::two_factor::TwoFactorState",
    "app::types::users_query::UsersQuery",
];

/// What is built into letters: texts, and the pages that their links lead to.
const TEXTS: [&str; 3] = [
    "app::browser_words::",
    "app::text::",
    "app::types::page::Page",
];

/// Where `sources` name something of `app` that is in none of the lists.
fn breaches(sources: &[Source], allowed: &[&[&str]]) -> Vec<String> {
    let allowed: Vec<_> = allowed.iter().copied().flatten().copied().collect();
    let is_allowed = |path: &str| {
        let is_entry =
            |entry: &&str| path == *entry || (entry.ends_with("::") && path.starts_with(*entry));
        allowed.iter().any(is_entry)
    };
    let mut found = Vec::new();
    for source in sources {
        for path in source.of_app.iter().filter(|path| !is_allowed(path)) {
            found.push(format!("{} names {path}", source.path));
        }
    }
    found
}

#[test]
fn what_lies_below_the_services_knows_values_alone() {
    let mut below = Vec::new();
    for layer in [
        "domain/src",
        "crypto/src",
        "files/src",
        "storage/src",
        "src/delivery",
    ] {
        below.extend(sources(&format!("server/{layer}")));
    }
    assert!(below.len() > 100, "the layers are where they were");
    assert_none(
        "rules, storage, crypto and delivery know no page and no error of a page",
        &breaches(&below, &[&VALUES]),
    );
}

#[test]
fn services_answer_with_facts_and_refuse_in_their_own_words() {
    let (letters, others): (Vec<_>, Vec<_>) = sources("server/service/src")
        .into_iter()
        .partition(|source| source.path.starts_with("server/service/src/letters/"));
    let mut found = breaches(&others, &[&VALUES, &FACTS]);
    found.extend(breaches(&letters, &[&VALUES, &TEXTS]));
    assert_none("services know no page, no form and no `ApiError`", &found);
}

#[test]
fn each_entry_of_the_lists_is_named_somewhere() {
    let named: BTreeSet<_> = of_the_server()
        .into_iter()
        .flat_map(|source| source.of_app)
        .collect();
    let entries = [VALUES.as_slice(), &FACTS, &TEXTS].concat();
    let is_named = |entry: &&str| named.iter().any(|path| path.starts_with(entry));
    let left_over: Vec<_> = entries
        .iter()
        .filter(|entry| !is_named(entry))
        .map(ToString::to_string)
        .collect();
    assert_none("entries that nothing names any more", &left_over);
}

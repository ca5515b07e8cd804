//! Mail against a real mail server, which is Python's aiosmtpd: good, encrypted, down, slow, and refusing.

use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use domain::days::Zone;
use serde_json::json;
use server::delivery::mail::{MailNotSent, Mailer};
use server::delivery::worker::send_due;
use service::accounts::announcements::write_due;
use service::accounts::operator;
use service::change::NOWHERE;
use service::letters::queue::PURPOSE;
use service::mail_text::MailText;
use service::{Visitor, passwords, sign_up, users};
use settings::{SecretSetting, Settings};
use storage::mails::{count_mails, insert_mail, take_due_mail};
use tokio_util::sync::CancellationToken;

use crate::support::{MailServer, PASSWORD, Program, START, Said, TestApp, unfolded};

const TWOFOLD: Program = Program {
    path: env!("CARGO_BIN_EXE_twofold"),
    settings: &[],
};

/// What a name can hold and must not do in HTML.
const HOSTILE: &str = "<b onload=\"x\">Ada & Co</b>";

/// Settings that send to a server at a port.
fn sending_to(app: &TestApp, url: &str) -> Settings {
    let mut settings = app.settings();
    settings.mail.smtp_url = Some(SecretSetting(url.to_owned()));
    settings.mail.timeout_seconds = 59;
    settings
}

fn new_user(number: u8) -> NewUser {
    NewUser {
        name: HOSTILE.to_owned(),
        email: format!("new{number}@example.org"),
        account_name: "Engines".to_owned(),
        password: SecretText::new(PASSWORD),
    }
}

async fn queue_mail(app: &TestApp, number: u8) {
    let visitor = Visitor {
        address: format!("192.0.2.{number}"),
        browser: "Test browser".to_owned(),
    };
    sign_up::request(&app.services, &new_user(number), &visitor)
        .await
        .unwrap();
}

fn letter_to(address: &str) -> MailText {
    MailText {
        to: address.to_owned(),
        user: None,
        product: "Twofold".to_owned(),
        subject: "Hello".to_owned(),
        parts: Vec::new(),
        link: None,
        why: String::new(),
        footer: "Twofold".to_owned(),
        is_all_ours: false,
        stands_by: None,
        nobody_at: String::new(),
    }
}

/// Sends what is due, and gives how many went out.
async fn send(app: &TestApp, mailer: &Mailer) -> u32 {
    let staying = CancellationToken::new();
    send_due(&app.services, mailer, &staying).await.unwrap()
}

async fn waiting(app: &TestApp) -> u64 {
    count_mails(app.services.database.read()).await.unwrap()
}

/// An application that lets strangers sign up, which queues a mail for whoever does.
async fn open_app() -> TestApp {
    let mut app = TestApp::start_with(|settings| settings.sign_up = true).await;
    app.stop().await;
    queue_mail(&app, 0).await;
    assert_eq!(waiting(&app).await, 1);
    app
}

#[tokio::test]
async fn a_mail_arrives_as_text_and_html_with_every_name_escaped() {
    let mut app = TestApp::start_with(|settings| settings.sign_up = true).await;
    app.stop().await;
    users::create(&app.services, &new_user(0), Zone::UTC)
        .await
        .unwrap();
    queue_mail(&app, 0).await;
    let mut smtp = MailServer::start("good").await;
    let mailer = Mailer::new(&sending_to(&app, &smtp.url("smtp", ""))).unwrap();
    assert_eq!(send(&app, &mailer).await, 1);
    let mail = smtp.next_mail().await;
    assert_eq!(mail["to"][0], "new0@example.org");
    assert!(mail["text"].as_str().unwrap().contains(HOSTILE));
    let html = mail["html"].as_str().unwrap();
    assert!(
        html.contains("&lt;b onload=&quot;x&quot;&gt;Ada &amp; Co&lt;/b&gt;"),
        "{html}"
    );
    assert!(!html.contains("<b onload"), "{html}");
    assert_eq!(waiting(&app).await, 0);
}

/// Whoever has a mail go to a server that is slow keeps nobody's mail waiting, however many come after it.
#[tokio::test]
async fn a_mail_that_is_slow_to_hand_over_holds_up_no_other() {
    let mut smtp = MailServer::start("holds").await;
    let url = smtp.url("smtp", "");
    let app = TestApp::start_with(move |settings| {
        settings.sign_up = true;
        settings.mail.smtp_url = Some(SecretSetting(url.clone()));
        settings.mail.timeout_seconds = 59;
    })
    .await;
    queue_mail(&app, 0).await;
    assert_eq!(smtp.next_mail().await["held"], "new0@example.org");
    for number in 1..=9 {
        queue_mail(&app, number).await;
        let to = smtp.next_mail().await["to"][0].clone();
        assert_eq!(to, format!("new{number}@example.org"));
    }
    // Nor do several that are queued before the worker looks.
    for number in 10..=13 {
        queue_mail(&app, number).await;
    }
    for _ in 10..=13 {
        assert!(smtp.next_mail().await["to"].is_array());
    }
}

/// What tells a thousand people of a requirement does not keep back what is over in ten minutes.
#[tokio::test]
async fn what_leads_somewhere_goes_before_what_only_tells() {
    let mut app = TestApp::start_with(|settings| settings.sign_up = true).await;
    app.stop().await;
    let db = app.services.database.read();
    for _ in 0..3 {
        let told = (app.services.new_uuid(), vec![1], "key".to_owned());
        let since = app.services.now() - 600;
        insert_mail(db, told, since, false).await.unwrap();
    }
    queue_mail(&app, 0).await;
    let now = app.services.now();
    let taken = take_due_mail(db, now, now + 60)
        .await
        .unwrap()
        .mail()
        .unwrap();
    assert!(taken.sealed.len() > 1);
    assert_eq!(taken.created_at, now);
}

/// Whoever asks for somebody's address and then for their own would see by which of the two goes out first who has a user.
#[tokio::test]
async fn what_a_door_sends_is_due_alike_whoever_has_the_address() {
    let mut app = TestApp::start_with(|settings| settings.sign_up = true).await;
    let who = ["nobody", "proven", "unproven", "disabled"].map(|who| format!("{who}@example.org"));
    for email in &who[1..] {
        app.create_user(email).await;
    }
    app.stop().await;
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email LIKE 'unproven%'")
        .await;
    app.sql("UPDATE users SET disabled_at = 1 WHERE email LIKE 'disabled%'")
        .await;
    for (number, email) in who.iter().enumerate() {
        app.sql("DELETE FROM mails").await;
        let visitor = Visitor {
            address: format!("192.0.2.{number}"),
            browser: "Test browser".to_owned(),
        };
        let user = NewUser {
            email: email.clone(),
            ..new_user(0)
        };
        sign_up::request(&app.services, &user, &visitor)
            .await
            .unwrap();
        passwords::request_reset(&app.services, email, &visitor)
            .await
            .unwrap();
        let sooner = "SELECT CAST(created_at - next_try_at AS TEXT) FROM mails";
        assert_eq!(app.texts(sooner).await, ["3600", "3600"], "{email}");
    }
}

/// Whoever runs a domain that is slow to take mail would make what goes to nobody slower than what goes to somebody.
#[tokio::test]
async fn a_mail_to_nobody_takes_as_long_as_one_to_the_domain_that_was_asked_for() {
    let mut app = TestApp::start().await;
    app.stop().await;
    let smtp = MailServer::start("drags").await;
    let mailer = Mailer::new(&sending_to(&app, &smtp.url("smtp", ""))).unwrap();
    let to_nobody = |domain: &str| MailText {
        nobody_at: domain.to_owned(),
        ..letter_to("")
    };
    assert!(mailer.usual(&to_nobody("corp.example")).is_zero());
    for address in ["ada@corp.example"; 3]
        .into_iter()
        .chain(["eve@slow.example"; 4])
    {
        let id = app.services.new_uuid();
        mailer.send(id, &letter_to(address)).await.unwrap();
    }
    let [slow, corp, unknown] =
        ["slow.example", "corp.example", "else.example"].map(|one| mailer.usual(&to_nobody(one)));
    assert!(slow.as_millis() >= 300, "{slow:?}");
    assert!(corp < slow, "{corp:?} {slow:?}");
    assert_eq!(unknown, corp);
    // One that was withdrawn while it waited goes to nobody, too.
    assert_eq!(mailer.usual(&letter_to("ada@corp.example")), corp);
    // What a mail server does not answer is no time of a domain.
    let silent = MailServer::start("silent").await;
    let mut settings = sending_to(&app, &silent.url("smtp", ""));
    settings.mail.timeout_seconds = 1;
    let mailer = Mailer::new(&settings).unwrap();
    let id = app.services.new_uuid();
    let sent = mailer.send(id, &letter_to("ada@corp.example")).await;
    assert!(matches!(sent, Err(MailNotSent::Later(_))));
    assert!(mailer.usual(&to_nobody("corp.example")).is_zero());
    // What is queued for nobody says at which domain that would be.
    passwords::request_reset(&app.services, "nobody@corp.example", &NOWHERE)
        .await
        .unwrap();
    let (db, now) = (app.services.database.read(), app.services.now());
    let taken = take_due_mail(db, now, now + 60).await.unwrap();
    let queued = taken.mail().unwrap();
    let keys = &app.services.keys;
    let plain = keys.open(PURPOSE, &queued.id.to_string(), &queued.sealed);
    let mail: MailText = serde_json::from_slice(&plain.unwrap()).unwrap();
    assert!(mail.is_for_nobody());
    assert_eq!(mail.domain(), "corp.example");
}

/// A server that refuses what it has read says nothing of the mailbox, where somebody else has chosen words of it.
#[tokio::test]
async fn a_refusal_that_may_be_about_the_content_is_believed_of_our_own_words_alone() {
    let smtp = MailServer::start("spam").await;
    let url = smtp.url("smtp", "");
    for is_ours in [false, true] {
        let app = TestApp::start().await;
        let mailer = Mailer::new(&sending_to(&app, &url)).unwrap();
        let letter = MailText {
            is_all_ours: is_ours,
            ..letter_to("vera@example.org")
        };
        let sent = mailer.send(app.services.new_uuid(), &letter).await;
        let is_noted = matches!(sent, Err(MailNotSent::NoMailbox(_)));
        assert_eq!(is_noted, is_ours);
        assert!(is_noted || matches!(sent, Err(MailNotSent::Never(_))));
    }
}

/// A mail program decodes what looks like an encoded word (RFC 2047), so that a name could say in a subject what no name says
/// on a page.
#[tokio::test]
async fn a_name_that_looks_like_an_encoded_word_is_read_as_it_stands() {
    let mut smtp = MailServer::start("good").await;
    let url = smtp.url("smtp", "");
    let app = TestApp::start_with(move |settings| {
        settings.mail.smtp_url = Some(SecretSetting(url.clone()));
        settings.mail.from = "\"=?utf-8?q?Bank?=\" <twofold@example.org>".to_owned();
    })
    .await;
    let name = "=?utf-8?q?Your_password_is_over?=";
    let mut user = new_user(0);
    name.clone_into(&mut user.account_name);
    users::create(&app.services, &user, Zone::UTC)
        .await
        .unwrap();
    operator::delete(&app.services, name).await.unwrap();
    write_due(&app.services).await.unwrap();
    app.services.mail_queued.notify_one();
    let mail = smtp.next_mail().await;
    assert_eq!(mail["subject"], format!("The account {name} was deleted"));
    assert_eq!(mail["sender"], "=?utf-8?q?Bank?=");
    assert!(mail["text"].as_str().unwrap().contains(name));
}

#[tokio::test]
async fn links_lead_to_the_public_address_whatever_the_request_said() {
    let app = TestApp::start_with(|settings| {
        settings.sign_up = true;
        settings.public_url = Some("https://security.example.org".to_owned());
    })
    .await;
    let elsewhere = "evil.example.org";
    let forwarded = format!("for=192.0.2.1;host={elsewhere};proto=https");
    let named_by = [
        ("host", elsewhere),
        ("x-forwarded-host", elsewhere),
        ("x-original-host", elsewhere),
        ("forwarded", &forwarded),
    ];
    for (n, (header, value)) in named_by.into_iter().enumerate() {
        let form = json!({ "user": {
            "name": "Grace",
            "email": format!("grace{n}@example.org"),
            "account_name": "Engines",
            "password": PASSWORD,
        } });
        let mut browser = app.browser();
        let request = browser.request("sign-up/request").header(header, value);
        let sent = browser.send(request.body(form.to_string().into()).unwrap());
        sent.await.expect(200);
    }
    let mails = app.mails().await;
    assert_eq!(mails.len(), named_by.len());
    for mail in mails {
        let text = unfolded(&mail);
        let link = "https://security.example.org/verify-email#";
        assert!(text.contains(link), "{text}");
        assert!(!text.contains(elsewhere), "{text}");
        assert!(!text.contains("127.0.0.1"), "{text}");
    }
}

#[tokio::test]
async fn the_last_line_says_what_sent_the_mail_and_where_that_is() {
    let mut app = TestApp::start_with(|settings| {
        settings.sign_up = true;
        settings.public_url = Some("https://security.example.org".to_owned());
        settings.product_name = "Lighthouse".to_owned();
    })
    .await;
    app.stop().await;
    queue_mail(&app, 0).await;
    let mut smtp = MailServer::start("good").await;
    let mailer = Mailer::new(&sending_to(&app, &smtp.url("smtp", ""))).unwrap();
    send(&app, &mailer).await;
    let mail = smtp.next_mail().await;
    // Whoever signs up may not have a user yet, whose security it could be about.
    let why = "You get this mail because somebody, perhaps you, gave your address here.";
    let footer = "Lighthouse at https://security.example.org.";
    for part in ["text", "html"] {
        let part = mail[part].as_str().unwrap();
        assert!(part.contains(footer) && part.contains(why), "{part}");
        assert!(!part.contains("for your security"), "{part}");
    }
    let text = mail["text"].as_str().unwrap();
    assert!(text.starts_with("Lighthouse"), "{text}");
}

#[tokio::test]
async fn mail_travels_encrypted_and_only_to_a_server_whose_certificate_holds() {
    let authority = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/test-support/smtp/authority.pem"
    );
    for (mode, scheme, options) in [
        ("smtps", "smtps", ""),
        ("starttls", "smtp", "?tls=required"),
    ] {
        let app = open_app().await;
        let mut smtp = MailServer::start(mode).await;
        let mut settings = sending_to(&app, &smtp.url(scheme, options));

        let strangers = Mailer::new(&settings).unwrap();
        assert_eq!(send(&app, &strangers).await, 0, "{mode}");
        assert_eq!(waiting(&app).await, 1, "{mode}");

        settings.mail.ca_file = Some(authority.into());
        let trusting = Mailer::new(&settings).unwrap();
        app.clock.advance(15);
        assert_eq!(send(&app, &trusting).await, 1, "{mode}");
        assert_eq!(smtp.next_mail().await["encrypted"], true, "{mode}");
    }
}

/// `twofold mail test` in a folder with nothing in it: the command, and what the mail server has got.
async fn try_mail(settings: &[&str]) -> Said {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = vec!["mail", "test", "ada@example.org"];
    for setting in settings {
        arguments.extend(["--set", setting]);
    }
    let said = TWOFOLD.run(folder.path(), &arguments).await;
    let made = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(made, 0, "trying makes nothing");
    said
}

#[tokio::test]
async fn the_operator_tries_a_mail_server_before_anything_is_there() {
    let mut smtp = MailServer::start("good").await;
    let url = format!("mail.smtp_url={}", smtp.url("smtp", ""));
    let said = try_mail(&[&url, "product_name=ACME Portal"]).await.ok();
    for words in ["localhost:", "has taken", "ada@example.org", "spam"] {
        assert!(said.out.contains(words), "{}", said.out);
    }
    let mail = smtp.next_mail().await;
    assert_eq!(mail["to"][0], "ada@example.org");
    assert_eq!(mail["subject"], "Mail works");
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("ACME Portal at "), "{text}");
}

#[tokio::test]
async fn a_mail_server_that_does_not_take_a_letter_is_told_in_one_line_without_its_password() {
    let limit = "mail.timeout_seconds=1";
    for (mode, words) in [
        ("refuses", "no such mailbox"),
        ("greylists", "would try again"),
        ("silent", "too long"),
        ("password", "has not taken"),
        ("smtps", "has not taken"),
    ] {
        let smtp = MailServer::start(mode).await;
        let url = match mode {
            "smtps" => smtp.url("smtps", ""),
            _ => smtp.url("smtp", ""),
        };
        let url = match mode {
            "password" => url.replace("//", "//twofold:hidden@"),
            _ => url,
        };
        let said = try_mail(&[&format!("mail.smtp_url={url}"), limit]).await;
        let said = said.refused(&[words, "localhost:", "ada@example.org"]);
        assert!(!said.err.contains("hidden"), "{mode}: {}", said.err);
    }
    let port = MailServer::unused_port();
    let down = format!("mail.smtp_url=smtp://localhost:{port}");
    try_mail(&[&down]).await.refused(&["has not taken"]);
}

#[tokio::test]
async fn trying_mail_says_what_is_missing_or_mistyped() {
    try_mail(&[])
        .await
        .refused(&["no mail server is set", "outbox"]);
    try_mail(&["mail.smtp_url=mailto:x"])
        .await
        .refused(&["setting `mail.smtp_url` cannot be used"]);
    let folder = tempfile::tempdir().unwrap();
    for address in ["ada", "ada@example.org\nbcc: eve@example.org", ""] {
        let said = TWOFOLD.run(folder.path(), &["mail", "test", address]).await;
        said.refused(&["is no e-mail address"]);
    }
}

#[tokio::test]
async fn a_wrong_password_for_the_mail_server_loses_no_mail() {
    let app = open_app().await;
    let mut smtp = MailServer::start("password").await;
    let wrong = smtp.url("smtp", "").replace("//", "//twofold:wrong@");
    let mut settings = sending_to(&app, &wrong);
    // It does not end the conversation by itself.
    settings.mail.timeout_seconds = 2;
    let mailer = Mailer::new(&settings).unwrap();
    assert_eq!(send(&app, &mailer).await, 0);
    assert_eq!(waiting(&app).await, 1);

    let right = wrong.replace("wrong", "right");
    let mailer = Mailer::new(&sending_to(&app, &right)).unwrap();
    app.clock.advance(15);
    assert_eq!(send(&app, &mailer).await, 1);
    assert_eq!(smtp.next_mail().await["authenticated"], true);
}

#[tokio::test]
async fn a_mail_server_that_is_down_gets_the_mail_when_it_is_up_again() {
    let app = open_app().await;
    let port = MailServer::unused_port();
    let settings = sending_to(&app, &format!("smtp://localhost:{port}"));
    let mailer = Mailer::new(&settings).unwrap();
    for delay in [15, 30, 60] {
        assert_eq!(send(&app, &mailer).await, 0);
        app.clock.advance(delay - 1);
        assert_eq!(send(&app, &mailer).await, 0);
        let due = take_due_mail(app.services.database.read(), START, START)
            .await
            .unwrap();
        assert!(due.mail().is_none(), "it was tried before its time");
        app.clock.advance(1);
    }
    let mut smtp = MailServer::start_at(port, "good").await;
    assert_eq!(send(&app, &mailer).await, 1);
    assert_eq!(smtp.next_mail().await["to"][0], "new0@example.org");
}

#[tokio::test]
async fn a_mail_server_that_never_answers_holds_a_mail_no_longer_than_the_limit() {
    let app = open_app().await;
    let smtp = MailServer::start("silent").await;
    let mut settings = sending_to(&app, &smtp.url("smtp", ""));
    settings.mail.timeout_seconds = 1;
    let mailer = Mailer::new(&settings).unwrap();
    assert_eq!(send(&app, &mailer).await, 0);
    assert_eq!(waiting(&app).await, 1);
}

#[tokio::test]
async fn what_is_refused_for_now_is_tried_again_and_what_is_refused_for_good_is_not() {
    let app = open_app().await;
    let mut smtp = MailServer::start("greylists").await;
    let mailer = Mailer::new(&sending_to(&app, &smtp.url("smtp", ""))).unwrap();
    assert_eq!(send(&app, &mailer).await, 0);
    app.clock.advance(15);
    assert_eq!(send(&app, &mailer).await, 1);
    smtp.next_mail().await;

    let app = open_app().await;
    let smtp = MailServer::start("refuses").await;
    let mailer = Mailer::new(&sending_to(&app, &smtp.url("smtp", ""))).unwrap();
    assert_eq!(send(&app, &mailer).await, 0);
    assert_eq!(waiting(&app).await, 0);
}

#[tokio::test]
async fn a_mail_is_given_up_after_three_days_and_not_before() {
    let app = open_app().await;
    let port = MailServer::unused_port();
    let settings = sending_to(&app, &format!("smtp://localhost:{port}"));
    let mailer = Mailer::new(&settings).unwrap();
    app.clock.advance(3 * 24 * 3600 - 1);
    send(&app, &mailer).await;
    assert_eq!(waiting(&app).await, 1);
    app.clock.advance(3600);
    send(&app, &mailer).await;
    assert_eq!(waiting(&app).await, 0);
}

#[tokio::test]
async fn two_workers_send_each_mail_once() {
    let app = open_app().await;
    for number in 1..50 {
        queue_mail(&app, number).await;
    }
    let mut smtp = MailServer::start("good").await;
    let settings = sending_to(&app, &smtp.url("smtp", ""));
    let (first, second) = (
        Mailer::new(&settings).unwrap(),
        Mailer::new(&settings).unwrap(),
    );
    let (first, second) = tokio::join!(send(&app, &first), send(&app, &second));
    assert_eq!(first + second, 50);
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..50 {
        ids.insert(smtp.next_mail().await["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 50);
    assert_eq!(waiting(&app).await, 0);
}

#[tokio::test]
async fn a_worker_that_died_with_a_mail_in_hand_leaves_it_to_the_next() {
    let app = open_app().await;
    let services = &app.services;
    let transaction = services.database.begin_write().await.unwrap();
    let taken = take_due_mail(&transaction, services.now(), services.now() + 60).await;
    transaction.commit().await.unwrap();
    assert!(taken.unwrap().mail().is_some());
    let mut smtp = MailServer::start("good").await;
    let mailer = Mailer::new(&sending_to(&app, &smtp.url("smtp", ""))).unwrap();
    assert_eq!(send(&app, &mailer).await, 0);
    app.clock.advance(60);
    assert_eq!(send(&app, &mailer).await, 1);
    smtp.next_mail().await;
}

/// A mail that a leaving server still had to itself would wait out the lease, and might go out twice.
#[tokio::test]
async fn a_server_that_leaves_has_no_mail_to_itself_any_more() {
    let mut app = TestApp::start_with(|settings| settings.sign_up = true).await;
    for turn in 0..8 {
        for number in 0..6 {
            queue_mail(&app, turn * 6 + number).await;
        }
        app.stop().await;
        let mailer = Mailer::new(&app.settings()).unwrap();
        send(&app, &mailer).await;
        assert_eq!(waiting(&app).await, 0, "after turn {turn}");
        app = app.restart().await;
    }
    assert_eq!(app.mails().await.len(), 48);
}

/// What a test waits for in vain is said within seconds, not by a test that hangs.
#[tokio::test]
#[should_panic(expected = "mails were put off and the clock stands still")]
async fn a_test_that_waits_for_a_mail_that_was_put_off_fails_within_seconds() {
    let app = TestApp::start_with(|settings| {
        let port = MailServer::unused_port();
        let url = format!("smtp://localhost:{port}");
        settings.mail.smtp_url = Some(SecretSetting(url));
        settings.sign_up = true;
    })
    .await;
    queue_mail(&app, 0).await;
    app.mails().await;
}

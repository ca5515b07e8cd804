use super::*;

fn fact(label: &str, value: &str) -> Fact {
    Fact::new(label, value)
}

fn mail() -> MailText {
    MailText {
        to: "a@x.org".into(),
        user: None,
        product: "Two & Fold".into(),
        subject: "Hello <b>".into(),
        parts: vec![
            Part::Text("Hello \"><svg onload=alert(1)>".into()),
            Part::Code("ABCD-EFGH".into()),
            Part::Facts(vec![
                fact("When", "28 November 2026, 09:14 UTC"),
                fact("IP address", "2001:db8::1"),
            ]),
            Part::Advice("If not, do nothing: 'all' is well.".into()),
        ],
        link: Some(Link {
            words: "Open".into(),
            url: "https://x.org/a#b\"c".into(),
        }),
        why: "You asked for it.".into(),
        footer: "<Twofold>".into(),
        is_all_ours: true,
        stands_by: Some(MailGround {
            table: "invitations".into(),
            key: "00ff".into(),
        }),
        nobody_at: String::new(),
    }
}

#[test]
fn a_name_that_is_markup_stays_text() {
    let html = mail().html();
    for markup in ["<svg", "b\"c", "<Twofold>", "Hello <b>"] {
        assert!(!html.contains(markup), "{html}");
    }
    assert!(mail().text().contains("\"><svg onload=alert(1)>"));
}

#[test]
fn the_button_stands_between_what_happened_and_the_advice() {
    let text = mail().text();
    let at = |words: &str| text.find(words).unwrap();
    let order = [
        "Two & Fold",
        "Hello <b>",
        "svg",
        "ABCD-EFGH",
        "When: 28",
        "IP address: 2001:db8::1",
        "Open:\n",
        "If not",
    ];
    for pair in order.windows(2) {
        assert!(at(pair[0]) < at(pair[1]), "{pair:?}: {text}");
    }
    assert!(
        text.ends_with("\n\n-- \nYou asked for it.\n<Twofold>\n"),
        "{text}"
    );
}

#[test]
fn a_mail_to_nobody_has_the_domain_of_the_address_that_was_asked_for() {
    let mut mail = mail();
    mail.to = "a@b@Corp.Example".into();
    assert_eq!(mail.domain(), "corp.example");
    mail.nobody_at = "Nowhere.example".into();
    assert_eq!(mail.domain(), "corp.example");
    mail.to = String::new();
    assert_eq!(mail.domain(), "nowhere.example");
    assert!(mail.is_for_nobody());
}

#[test]
fn a_mail_comes_out_of_the_queue_as_it_went_in() {
    let bytes = mail().to_bytes().unwrap();
    assert_eq!(bytes.len(), 4096);
    let read: MailText = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(read, mail());
}

/// A server of the version before reads what it knows, and misses no word.
#[test]
fn every_part_is_a_paragraph_for_a_server_of_the_version_before() {
    let queued = serde_json::to_value(mail()).unwrap();
    let paragraphs = queued["paragraphs"].as_array().unwrap();
    assert_eq!(paragraphs.len(), mail().parts.len());
    let facts = "When: 28 November 2026, 09:14 UTC\nIP address: 2001:db8::1";
    assert_eq!(paragraphs[2], facts);
    assert_eq!(queued["link"]["words"], "Open");
    assert_eq!(queued["footer"], "<Twofold>");
}

#[test]
fn a_mail_that_a_server_of_the_version_before_has_queued_is_read() {
    let queued = r#"{"to":"a@x.org","subject":"Hello","paragraphs":["One.","Two."],
        "link":{"words":"Open","url":"https://x.org"},"footer":"Twofold at https://x.org."}"#;
    let read: MailText = serde_json::from_str(queued).unwrap();
    let text = "Hello\n\nOne.\n\nTwo.\n\nOpen:\nhttps://x.org\n\n-- \nTwofold at https://x.org.\n";
    assert_eq!(read.text(), text);
}

#[test]
fn the_colours_are_those_of_the_pages() {
    let tokens = include_str!("../../../../style/tokens.css");
    let html = mail().html();
    let pieces = html.split('#').skip(1);
    let colours: Vec<_> = pieces
        .filter_map(|piece| piece.get(..6))
        .filter(|piece| piece.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .collect();
    assert!(colours.len() > 20, "{colours:?}");
    for colour in colours {
        assert!(tokens.contains(&format!("#{colour}")), "#{colour}");
    }
}

#[test]
fn nothing_is_loaded_from_anywhere() {
    let html = mail().html();
    for word in ["<img", "<link", "<script", "url(", "@import", "src="] {
        assert!(!html.contains(word), "{word}: {html}");
    }
    assert_eq!(html.matches("href=").count(), 1);
}

//! What the operator puts of their own into pages and mails.

use http::StatusCode;

use crate::support::TestApp;

/// The head of a PNG of 64 by 64 pixels; nothing more of it is looked at.
const ICON: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x40\0\0\0\x40\x08\x02\0\0\0";

#[tokio::test]
async fn pages_and_mails_have_the_name_the_help_and_the_icon_of_the_operator() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("icon.png");
    std::fs::write(&file, ICON).unwrap();
    let app = TestApp::start_with(move |settings| {
        settings.product_name = "ACME & Sons {help}".to_owned();
        settings.support = Some("help@acme.example".to_owned());
        settings.icon_file = Some(file.clone());
    })
    .await;
    let mut browser = app.browser();
    for path in ["/sign-in", "/users/settings/security", "/nowhere"] {
        let page = browser.get(path).await.text;
        assert!(
            page.contains("<title>ACME &amp; Sons &#123;help}</title>"),
            "{path}: {page}"
        );
        let help = "<a href=\"mailto:help@acme.example\" rel=\"help\">help@acme.example</a>";
        assert!(page.contains(help), "{path}: {page}");
        assert!(!page.contains("{product}"), "{path}: {page}");
    }
    let icon = browser.get("/icon.png").await.expect(200);
    assert_eq!(icon.headers["content-type"], "image/png");
    app.member_with_two_factor("ada@example.org").await;
    let mails = app.mails().await;
    assert!(!mails.is_empty());
    for mail in mails {
        assert!(mail.contains("Need help? help@acme.example"), "{mail}");
    }
}

#[tokio::test]
async fn without_them_nobody_is_named_and_the_icon_is_the_builds() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let page = browser.get("/sign-in").await.text;
    assert!(page.contains("<title>Twofold</title>"), "{page}");
    assert!(
        !page.contains("{help}") && !page.contains("Need help"),
        "{page}"
    );
    let icon = browser.get("/icon.png").await;
    assert_eq!(icon.status, StatusCode::NOT_FOUND.as_u16());
}

//! Other spellings of paths: none reaches anything that the gate does not know, and no answer redirects.

use app::api::{ServerFunction, all_functions};
use http::Method;

use crate::support::TestApp;

const ADA: &str = "ada@example.org";

/// The same address to somebody who normalises, another one to us.
fn spellings(path: &str) -> Vec<String> {
    let tail = path.trim_start_matches("/api/");
    let (area, function) = tail.split_once('/').unwrap();
    vec![
        format!("/{path}"),
        format!("//api/{tail}"),
        format!("/api//{tail}"),
        format!("/api/./{tail}"),
        format!("/./api/{tail}"),
        format!("/x/../api/{tail}"),
        format!("/api/x/../{tail}"),
        format!("/api/{area}/x/../{function}"),
        format!("/api/{area}%2f{function}"),
        format!("/api/{area}%2F{function}"),
        format!("/api%2f{tail}"),
        format!("/%61pi/{tail}"),
        format!("/api/{area}/%2e/{function}"),
        format!("{path}/"),
        format!("{path}//"),
        format!("{path}/."),
        format!("{path};x=1"),
        format!("{path}%00"),
        format!("{path}%20"),
        format!("{path}.json"),
        format!("/API/{tail}"),
        format!("/api/{}", tail.to_uppercase()),
        format!("/api/{area}\\{function}").replace('\\', "%5c"),
    ]
}

/// F43, F107: an address that is spelt otherwise is no function, for no method, and leads nowhere else.
#[tokio::test]
async fn another_spelling_of_an_address_is_not_there() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    for ServerFunction { path, .. } in all_functions() {
        for spelling in spellings(path) {
            let request = browser.request("x").uri(format!("{}{spelling}", app.base));
            let reply = browser.send(request.body("{}".into()).unwrap()).await;
            assert!(
                [404, 405].contains(&reply.status),
                "{spelling}: {} {}",
                reply.status,
                reply.text
            );
            assert!(!reply.headers.contains_key("location"), "{spelling}");
        }
    }
    assert_eq!(browser.state().await, "signed_in");
}

/// F107: what follows an address as a query neither reaches the function nor comes back in the answer.
#[tokio::test]
async fn a_query_is_not_read() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    for query in [
        "next=//evil.example",
        "account=any",
        "_method=DELETE",
        "%00",
        "code[]=1",
    ] {
        let uri = format!("{}/api/session/state?{query}", app.base);
        let request = browser.request("x").uri(uri);
        let reply = browser.send(request.body("{}".into()).unwrap()).await;
        assert_eq!(reply.expect(200).json()["state"], "signed_in");
        let page = browser.get(&format!("/sign-in?{query}")).await.expect(200);
        assert!(!page.headers.contains_key("location") && !page.text.contains("evil"));
    }
}

/// F110: no other method does what a call does, and a header does not make one of another.
#[tokio::test]
async fn no_other_method_does_what_a_call_does() {
    let app = TestApp::start().await;
    let mut browser = app.member(ADA).await;
    let methods = [
        "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "post",
    ];
    for method in methods {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = browser
            .request("session/sign-out")
            .method(method.clone())
            .header("x-http-method-override", "POST")
            .body("{}".into());
        let reply = browser.send(request.unwrap()).await;
        assert_eq!(reply.status, 405, "{method}");
        assert_eq!(reply.headers["allow"], "POST", "{method}");
        assert!(!reply.headers.contains_key("access-control-allow-methods"));
    }
    assert_eq!(browser.state().await, "signed_in");
}

/// F107, F108: the document of a program is the same for each of its addresses, so that nothing of an address gets into it.
#[tokio::test]
async fn nothing_of_an_address_gets_into_a_page() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let mut documents = Vec::new();
    for plain in ["/sign-in", "/users/settings/security"] {
        documents.push(browser.get(plain).await.expect(200).text);
    }
    for address in [
        "/sign-in?next=//evil.example",
        "/sign-in?next=javascript:alert(1)",
        "/sign-in?issuer=%22%3E%3Csvg%20onload=alert(1)%3E",
        "//evil.example/%2e%2e",
        "/%0d%0aset-cookie:x=1",
        "/users/settings/security?otpauth=otpauth://totp/x",
        "/..%2f..%2fetc/passwd",
        "/%5cevil.example",
    ] {
        let reply = browser.get(address).await;
        let is_missing = reply.status == 404 && reply.text == "Not Found";
        assert!(
            is_missing || documents.contains(&reply.text),
            "{address}: {}",
            reply.text
        );
        assert!(!reply.headers.contains_key("set-cookie"), "{address}");
    }
}

//! Every function that takes a second factor: signing in, and each act that takes a step-up.

use app::api::all_functions;
use serde_json::{Value, json};

use crate::calls::body;
use crate::support::{Browser, PASSWORD, Reply};
use crate::world::{OLGA, World};

/// Take a step-up only where the settings become less strict, or where rank is given.
const WHERE_DUE: [&str; 4] = [
    "/api/account/save-settings",
    "/api/team/invite",
    "/api/team/resend-invitation",
    "/api/team/change-roles",
];
/// Open only to who has no second factor, so that no code is asked for there.
pub(crate) const FOR_A_FIRST_FACTOR: [&str; 3] = [
    "/api/two-factor/begin-sms",
    "/api/two-factor/mail-code",
    "/api/two-factor/decline",
];
/// Open only to whom the account is offered, and that is never its owner; api/team/transfer.rs asks there.
const ACCEPT: &str = "/api/team/accept-transfer";
/// Open only where no mail server is set; `api/invitation/handed.rs` asks there.
const COPY_LINK: &str = "/api/team/copy-invitation-link";
/// Where every door asks Olga for a code.
pub(crate) const ALL_ASK: &str = "UPDATE accounts SET required_from = 1800000000;
     UPDATE sessions SET second_factor_at = second_factor_at - 901;";

/// The acts that take a step-up.
pub(crate) fn doors() -> Vec<&'static str> {
    let mut doors: Vec<_> = all_functions()
        .filter(|one| one.takes("StepUp"))
        .map(|one| one.path)
        .filter(|path| !FOR_A_FIRST_FACTOR.contains(path) && ![ACCEPT, COPY_LINK].contains(path))
        .collect();
    doors.extend(WHERE_DUE);
    assert!(doors.len() >= 12, "{doors:?}");
    doors
}

/// Whether a door has taken the proof: what is refused afterwards is refused for another reason.
pub(crate) fn is_taken(door: &str, reply: &Reply) -> bool {
    // The browser of the call is another user's.
    let is_foreign = door == "/api/sessions/forget-browser" && reply.code() == "not_found";
    reply.status == 200 || reply.code() == "owner_stays" || is_foreign
}

/// The call of a door with this proof.
pub(crate) fn call(world: &World, door: &str, step_up: Value) -> Value {
    let mut body = body(door, &world.ids);
    if body.get("purpose").is_some() {
        body["purpose"] = "replace".into();
    }
    body["step_up"] = step_up;
    body
}

impl World {
    /// Asks at a door with the password and a code.
    pub(crate) async fn knock(&self, browser: &mut Browser, door: &str, code: &str) -> Reply {
        let step_up = json!({ "password": PASSWORD, "code": code });
        browser.post(door, &call(self, door, step_up)).await
    }

    /// A browser that gave Olga's password, whichever of two it is, and waits for the code.
    pub(crate) async fn waiting(&self) -> Option<Browser> {
        let mut browser = self.app.browser();
        let mut reply = browser.sign_in(OLGA).await;
        if reply.status == 401 {
            reply = browser.sign_in_with(OLGA, crate::calls::NEW_PASSWORD).await;
        }
        (reply.expect(200).json()["step"] == "second_factor_due").then_some(browser)
    }
}

/// Gives a code of either kind at signing in.
pub(crate) async fn sign_in_by(browser: &mut Browser, code: &str) -> Reply {
    if code.chars().filter(char::is_ascii_alphanumeric).count() == 6 {
        browser.give_code(code).await
    } else {
        browser.give_recovery_code(code).await
    }
}

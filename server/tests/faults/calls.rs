//! A call that decodes for every server function, and a request for every file.

use serde_json::{Value, json};

use crate::support::PASSWORD;

/// What calls name.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    pub(crate) account: String,
    pub(crate) deleted: String,
    pub(crate) user: String,
    pub(crate) newcomer: String,
    pub(crate) invitation: String,
    pub(crate) session: String,
    pub(crate) browser: String,
    pub(crate) known: String,
    pub(crate) enrolment: String,
    pub(crate) event: String,
}

impl Ids {
    /// For the shape of a call alone.
    pub(crate) fn nobodys() -> Self {
        let id = || uuid::Uuid::nil().to_string();
        Self {
            account: id(),
            deleted: id(),
            user: id(),
            invitation: id(),
            session: id(),
            browser: id(),
            known: id(),
            enrolment: id(),
            event: id(),
            newcomer: id(),
        }
    }

    /// Each with its name in a body.
    pub(crate) fn all(&self) -> [(&'static str, &str); 10] {
        [
            ("account", &self.account),
            ("deleted", &self.deleted),
            ("user", &self.user),
            ("newcomer", &self.newcomer),
            ("invitation", &self.invitation),
            ("session", &self.session),
            ("browser", &self.browser),
            ("known", &self.known),
            ("enrolment", &self.enrolment),
            ("event", &self.event),
        ]
    }
}

/// A password that is nobody's and good enough to be.
pub(crate) const NEW_PASSWORD: &str = "violet-sofa-7-drum";

/// A body that the function of this address takes; a function without one fails every test of this kind.
pub(crate) fn body(path: &str, ids: &Ids) -> Value {
    let endpoint = path.trim_start_matches("/api/");
    let (area, function) = endpoint.split_once('/').unwrap();
    let body = match area {
        "session" | "setup" | "sign-in" | "sign-up" => of_strangers(endpoint),
        "account" | "accounts" => of_account(function, ids),
        "team" => of_team(function, ids),
        _ => of_user(endpoint, ids),
    };
    body.unwrap_or_else(|| panic!("{path} has no call in server/tests/faults/calls.rs"))
}

fn step_up() -> Value {
    json!({ "password": PASSWORD, "code": null })
}

fn of_strangers(endpoint: &str) -> Option<Value> {
    let user = json!({
        "name": "Grace", "email": "grace@example.org", "account_name": "Navy", "password": NEW_PASSWORD,
    });
    Some(match endpoint {
        "session/state" | "session/left" | "session/sign-out" | "sign-in/send-code" => json!({}),
        "setup/link" | "sign-in/link" | "sign-up/open" => json!({ "token": "x" }),
        "sign-up/finish" => json!({ "token": "x", "password": PASSWORD }),
        "setup/create" => json!({ "token": "x", "user": user }),
        "sign-in/password" => json!({ "email": "nobody@example.org", "password": PASSWORD }),
        "sign-in/code" => json!({ "code": "000000", "trust_browser": false }),
        "sign-in/recovery-code" => json!({ "code": "0000-0000-0000-0000" }),
        "sign-up/request" => json!({ "user": user }),
        _ => return None,
    })
}

fn of_account(function: &str, ids: &Ids) -> Option<Value> {
    let account = &ids.account;
    Some(match function {
        "list" => json!({}),
        "create" => json!({ "name": "Second" }),
        "rename" => json!({ "account": account, "name": "Renamed" }),
        "set-zone" => json!({ "account": account, "zone": "Europe/Berlin" }),
        "delete" => json!({
            "account": account, "name": "Analytical Engines", "step_up": step_up(),
        }),
        "restore" => json!({ "account": ids.deleted, "step_up": step_up() }),
        "enter" | "overview" | "settings" => json!({ "account": account }),
        "save-settings" => json!({
            "account": account, "step_up": step_up(),
            "change": {
                "version": 1, "required": false, "required_from": null,
                "rules": { "trusted_browsers_allowed": false, "sms_counts": false },
            },
        }),
        "activity" => json!({
            "account": account,
            "query": { "filter": { "person": "a", "about": "people" }, "before": ids.event },
        }),
        _ => return None,
    })
}

fn of_team(function: &str, ids: &Ids) -> Option<Value> {
    let (account, user, invitation) = (&ids.account, &ids.user, &ids.invitation);
    Some(match function {
        "users" => json!({
            "account": account,
            "query": { "search": "", "two_factor": null, "after": null },
        }),
        "invitations" | "leave" | "take-back-transfer" | "decline-transfer" => {
            json!({ "account": account })
        }
        "invite" => json!({
            "account": account,
            "invitation": { "name": "Grace", "email": "grace@example.org", "roles": ["admin"] },
            "step_up": step_up(),
        }),
        "resend-invitation" | "copy-invitation-link" => {
            json!({ "account": account, "invitation": invitation, "step_up": step_up() })
        }
        "revoke-invitation" => json!({ "account": account, "invitation": invitation }),
        "change-roles" => {
            json!({ "account": account, "user": user, "roles": ["admin"], "step_up": step_up() })
        }
        "remove" => json!({ "account": account, "user": user }),
        "offer-transfer" | "offer-reset" | "let-in" => {
            json!({ "account": account, "user": user, "step_up": step_up() })
        }
        "allow-first-factor" => {
            json!({ "account": account, "user": ids.newcomer, "step_up": step_up() })
        }
        "accept-transfer" => json!({ "account": account, "step_up": step_up() }),
        _ => return None,
    })
}

fn of_user(endpoint: &str, ids: &Ids) -> Option<Value> {
    Some(match endpoint {
        "two-factor/overview"
        | "profile/overview"
        | "profile/cancel-email-change"
        | "sessions/list"
        | "sessions/end-others" => {
            json!({})
        }
        "two-factor/countries" | "two-factor/send-code" => json!({}),
        "two-factor/begin-sms" => {
            json!({ "country": "AT", "number": "0664 1234567", "step_up": step_up() })
        }
        "two-factor/mail-code" => json!({ "act": "first_factor", "step_up": step_up() }),
        "two-factor/begin" => json!({ "purpose": "enable", "step_up": step_up() }),
        "two-factor/confirm" => json!({ "enrolment": ids.enrolment, "code": "000000" }),
        "two-factor/cancel" => json!({ "enrolment": ids.enrolment }),
        "two-factor/decline"
        | "two-factor/disable"
        | "two-factor/new-recovery-codes"
        | "profile/delete" => {
            json!({ "step_up": step_up() })
        }
        "invitation/open"
        | "invitation/accept"
        | "profile/confirm-email"
        | "reset/open"
        | "password/open" => {
            json!({ "token": "x" })
        }
        "reset/confirm" => json!({ "token": "x", "password": PASSWORD }),
        "invitation/join" => {
            json!({ "token": "x", "user": { "name": "Grace", "password": NEW_PASSWORD } })
        }
        "password/forgot" => json!({ "email": "nobody@example.org" }),
        "password/reset" => json!({ "token": "x", "password": NEW_PASSWORD }),
        "password/change" => json!({ "password": NEW_PASSWORD, "step_up": step_up() }),
        "profile/rename" => json!({ "name": "Ada L." }),
        "profile/change-email" => json!({ "email": "new@example.org", "step_up": step_up() }),
        "sessions/end" => json!({ "session": ids.session }),
        "sessions/remove-trusted-browser" => json!({ "browser": ids.browser }),
        "sessions/forget-browser" => json!({ "browser": ids.known, "step_up": step_up() }),
        "sessions/activity" => json!({ "before": ids.event }),
        _ => return None,
    })
}

/// Every text in a body, by its place.
pub(crate) fn texts(body: &Value) -> Vec<String> {
    fn walk(value: &Value, place: String, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    walk(value, format!("{place}/{key}"), found);
                }
            }
            Value::Array(values) => {
                for (at, value) in values.iter().enumerate() {
                    walk(value, format!("{place}/{at}"), found);
                }
            }
            // Nothing is where a text may be, a code say; where one may not be, none is taken.
            Value::String(_) | Value::Null => found.push(place),
            Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut found = Vec::new();
    walk(body, String::new(), &mut found);
    found
}

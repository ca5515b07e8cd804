//! An account with an owner and whom the owner has invited, for tests about teams.

use serde_json::{Value, json};

use super::{Browser, PASSWORD, TestApp};

/// The owner of the account of every test about teams.
pub const OWNER: &str = "olga@example.org";

/// An account and its owner, signed in.
pub struct Team {
    /// The browser of the owner.
    pub owner: Browser,
}

impl Team {
    /// An account of an owner alone.
    pub async fn found(app: &TestApp) -> Self {
        Self {
            owner: app.member(OWNER).await,
        }
    }

    /// A browser in which a new user with these roles is signed in; it comes by invitation.
    pub async fn add(&mut self, app: &TestApp, email: &str, roles: &[&str]) -> Browser {
        let mut browser = app.browser();
        let token = self.invite(app, email, roles).await;
        let user = json!({ "name": "Grace", "password": PASSWORD });
        browser
            .call("invitation/join", json!({ "token": token, "user": user }))
            .await
            .expect(200);
        browser.sign_in(email).await.expect(200);
        browser
    }

    /// The token of the link that an invitation mails.
    pub async fn invite(&mut self, app: &TestApp, email: &str, roles: &[&str]) -> String {
        // Mails are told apart by when they were written.
        app.clock.advance(1);
        self.owner
            .call("team/invite", invitation("any", email, roles))
            .await
            .expect(200);
        let address = email.trim().to_lowercase();
        invitation_token(&last_mail_to(app, &address).await)
    }
}

/// The arguments of an invitation, with the password where it gives rank.
pub fn invitation(account: &str, email: &str, roles: &[&str]) -> Value {
    let invitation = json!({ "name": "Grace", "email": email, "roles": roles });
    let step_up = json!({ "password": PASSWORD, "code": null });
    json!({ "account": account, "invitation": invitation, "step_up": step_up })
}

/// The newest mail to an address.
pub async fn last_mail_to(app: &TestApp, email: &str) -> String {
    let to = format!("To: {email}");
    let mails = app.mails().await;
    let mail = mails.into_iter().rfind(|mail| mail.contains(&to));
    mail.unwrap_or_else(|| panic!("no mail to {email}"))
}

/// The subject of a mail.
pub fn subject(mail: &str) -> &str {
    let line = mail.lines().find(|line| line.starts_with("Subject: "));
    line.unwrap().trim_start_matches("Subject: ").trim()
}

/// A mail without the soft line breaks of its encoding.
pub fn unfolded(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=\n", "")
}

/// The token in the link of an invitation.
pub fn invitation_token(mail: &str) -> String {
    let unfolded = unfolded(mail);
    let (_, tail) = unfolded.split_once("/invitation#").unwrap();
    tail.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}

impl Browser {
    /// The users of an account.
    pub async fn users(&mut self, query: Value) -> Value {
        let mut all = json!({ "search": "", "two_factor": null, "after": null });
        for (key, value) in query.as_object().unwrap() {
            all[key] = value.clone();
        }
        self.call("team/users", json!({ "account": "any", "query": all }))
            .await
            .expect(200)
            .json()
    }

    /// What the list says of one user.
    pub async fn user(&mut self, email: &str) -> Value {
        let page = self.users(json!({ "search": email })).await;
        let users = page["users"].as_array().unwrap().clone();
        let user = users.into_iter().find(|user| user["email"] == email);
        user.unwrap_or_else(|| panic!("{email} is not among the users"))
    }

    /// What the list of one account says of one user.
    pub async fn user_in(&mut self, account: &str, email: &str) -> Value {
        let query = json!({ "search": email, "two_factor": null, "after": null });
        let call = json!({ "account": account, "query": query });
        let page = self.call("team/users", call).await.expect(200).json();
        page["users"][0].clone()
    }

    /// The id of one user.
    pub async fn id_of(&mut self, email: &str) -> String {
        self.user(email).await["id"].as_str().unwrap().to_owned()
    }
}

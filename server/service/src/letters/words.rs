//! Words that several letters share.

use app::browser_words::browser_words;
use app::text::Texts;
use app::types::timestamp::Timestamp;

use crate::Visitor;
use crate::mail_text::Fact;
use domain::roles::{Role, Roles};
use domain::time::in_words;
use domain::user_address::UserAddress;

/// The address of a user in a letter to somebody else, or words in its place where they have lost it.
pub fn in_letter(address: &UserAddress) -> &str {
    address
        .in_use()
        .unwrap_or_else(|| Texts::english().mail_no_address())
}

/// Roles in words, the highest first.
pub fn in_roles(roles: Roles) -> String {
    let t = Texts::english();
    let words: Vec<_> = roles
        .list()
        .into_iter()
        .map(|role| match role {
            Role::Owner => t.mail_role_owner(),
            Role::Admin => t.mail_role_admin(),
            Role::Developer => t.mail_role_developer(),
            Role::Billing => t.mail_role_billing(),
        })
        .collect();
    words.join(", ")
}

/// Where and when something was done. Of what the browser says of itself only a word of ours is repeated.
pub(super) fn where_and_when(visitor: &Visitor, now: Timestamp) -> Vec<Fact> {
    let t = Texts::english();
    let browser = browser_words(&visitor.browser, t);
    vec![
        Fact::new(t.mail_fact_when(), &in_words(now)),
        Fact::new(
            t.mail_fact_browser(),
            browser.as_deref().unwrap_or(t.sessions_unknown()),
        ),
        Fact::new(t.mail_fact_address(), &visitor.address),
    ]
}

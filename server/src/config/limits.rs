//! Settings of the rate limits: tries in a window. The windows are in `service::limits`.

use serde::{Deserialize, Serialize};

/// How many tries a span of time has.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(default)]
pub struct Limits {
    /// Wrong passwords from one client address in 15 minutes. A whole office behind one address mistypes less often;
    /// with a list of leaked passwords it is two tries an hour for each of a hundred users.
    pub wrong_passwords_per_client: u32,
    /// Wrong passwords for one user in 15 minutes from browsers that have not signed in as them. Only strangers are
    /// slowed by it, so it can be tight without shutting the user out.
    pub wrong_passwords_of_strangers: u32,
    /// Wrong passwords in 15 minutes from a browser that has signed in as the user before.
    pub wrong_passwords_per_browser: u32,
    /// Acts of one user in 15 minutes that write something: each is a line of the log or a row. People do a few.
    pub acts_per_user: u32,
    /// Sign-ins of one user in 15 minutes from one browser, or from one client address where the browser is not known.
    pub sign_ins_per_browser: u32,
    /// Sign-ups from one client address in an hour: a team at a table, not a script.
    pub sign_ups_per_client: u32,
    /// Requests for a link that sets a password, from one client address in an hour.
    pub password_resets_per_client: u32,
    /// Openings and acceptances of invitations from one client address in an hour.
    pub invitations_per_client: u32,
    /// Mails of one kind with a link that anyone can ask for, to one e-mail address from one client network in 15
    /// minutes.
    pub mails_per_address: u32,
    /// The same from all networks together, in an hour. A network that has not asked that day always gets one.
    pub mails_per_address_an_hour: u32,
    /// Mails with the link that finishes a sign-in, to one user from one client network in 15 minutes. Who asks for one
    /// has the password.
    pub sign_in_links_per_user: u32,
    /// Mails to one mailbox in a day that strangers cause, and as many that people of its accounts do; those beyond wait
    /// until the next day, or are refused where a link for a new address was asked for.
    pub mails_per_mailbox_a_day: u32,
    /// How many of them may be invitations.
    pub invitations_per_mailbox_a_day: u32,
    /// How many of them may be invitations that one user sends, from whichever account.
    pub invitations_per_mailbox_and_user: u32,
    /// Invitations that one user sends in a day from all their accounts.
    pub invitations_per_user: u32,
    /// Accounts that one user creates in a day.
    pub accounts_per_user: u32,
    /// Changes of address that one user asks for in an hour.
    pub email_changes_per_user: u32,
    /// Codes by SMS in ten minutes to one number, to one user and from one client address; each of the three counts.
    /// A message costs the operator, and a phone that does not stop ringing costs its owner.
    pub sms_codes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wrong_passwords_per_client: 50,
            wrong_passwords_of_strangers: 10,
            wrong_passwords_per_browser: 20,
            acts_per_user: 600,
            sign_ins_per_browser: 200,
            sign_ups_per_client: 20,
            password_resets_per_client: 20,
            invitations_per_client: 60,
            mails_per_address: 3,
            mails_per_address_an_hour: 20,
            sign_in_links_per_user: 5,
            mails_per_mailbox_a_day: 20,
            invitations_per_mailbox_a_day: 5,
            invitations_per_mailbox_and_user: 2,
            invitations_per_user: 200,
            accounts_per_user: 10,
            email_changes_per_user: 5,
            sms_codes: 3,
        }
    }
}

//! Limits of mails that anybody can request for an address: by the requesting network and by the address.

use app::types::email::EmailAddress;

use super::table::Limit;
use super::taking::{take_all, take_unsaid};
use crate::change::Change;
use crate::refusal::Refusal;
use domain::counted_mailbox::CountedMailbox;
use storage::Stored;

/// A mail that a person asks for themselves, at a door that anybody can reach with their address. Each kind has budgets
/// of its own, so that none is used up by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The link that finishes a sign-up.
    SignUp,
    /// The link that sets a password.
    PasswordReset,
    /// The link that finishes a sign-in.
    SignInLink,
}

impl Asked {
    const fn word(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::PasswordReset => "password reset",
            Self::SignInLink => "sign-in link",
        }
    }

    const fn of_network(self) -> Limit {
        match self {
            Self::SignUp | Self::PasswordReset => Limit::AskedOfNetwork,
            Self::SignInLink => Limit::SignInLinks,
        }
    }
}

/// Takes one mail of a kind that a client asks for with an address, whether that has a user or not: the refusal when none
/// is left. A network that has not asked today always gets one, whatever others have asked for.
pub async fn take_asked(
    change: &Change<'_>,
    asked: Asked,
    email: &EmailAddress,
) -> Stored<Option<Refusal>> {
    let visitor = change.visitor();
    let (word, mailbox) = (asked.word(), CountedMailbox::from(email));
    let buckets = [
        asked.of_network().of_client_for(word, &mailbox, visitor),
        Limit::AskedOfAddress.of_mailbox_for(word, &mailbox),
    ];
    if take_first(change, (word, email)).await? {
        // Counted, and not refused though there may be nothing left: log and metrics say nothing.
        take_unsaid(change.services, change.db(), &buckets).await?;
        return Ok(None);
    }
    take_all(change, &buckets).await
}

/// Takes the one mail that each network gets in a day whatever others have asked for: whether it had it left. With IPv6
/// a site is one network here: it has 65,536 of the smaller ones, and the mailbox must not get a mail for each.
pub async fn take_first(change: &Change<'_>, (word, email): (&str, &EmailAddress)) -> Stored<bool> {
    let mailbox = CountedMailbox::from(email);
    let first = Limit::AskedFirst.of_site_for(word, &mailbox, change.visitor());
    Ok(change.take(&first).await?.is_none())
}

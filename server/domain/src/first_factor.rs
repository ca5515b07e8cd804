//! The first factor of a user, and each first one after all were taken away: what it takes besides the password.
//!
//! Until a user has a factor, who has stolen the password is the user. So the first factor takes a proof of the mailbox,
//! or somebody who lets the user in. [`Admitted`] is the witness of it: storage turns no factor on without one, and only
//! the rules here make one.

use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;
use app::types::two_factor::{Helper, LetInBy};

/// Seconds for which somebody is let in without a mailbox proof.
pub const ALLOWANCE_LIFE: i64 = 30 * 60;

/// By what a factor may come into use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The user has a factor already, which another one replaces: it was asked for.
    FactorBefore,
    /// The browser has proven the mailbox before, and is still known.
    KnownBrowser,
    /// A code that was mailed for this act.
    MailboxCode,
    /// The operator has let the user in.
    Allowance,
    /// The owner of the user's one account has.
    OwnersAllowance,
    /// The operator set it up.
    Operator,
}

impl Ground {
    /// The word that an enrolment keeps.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FactorBefore => "factor_before",
            Self::KnownBrowser => "known_browser",
            Self::MailboxCode => "mailbox_code",
            Self::Allowance => "allowance",
            Self::OwnersAllowance => "owners_allowance",
            Self::Operator => "operator",
        }
    }

    /// The ground of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        [
            Self::FactorBefore,
            Self::KnownBrowser,
            Self::MailboxCode,
            Self::Allowance,
            Self::OwnersAllowance,
            Self::Operator,
        ]
        .into_iter()
        .find(|ground| ground.word() == word)
    }

    /// Whether a factor that comes into use by it makes the user's address as good as a proven one: the operator, who let
    /// the user in, could have given them any. An owner gives nobody an address.
    pub const fn vouches_for_address(self) -> bool {
        match self {
            Self::Allowance => true,
            Self::FactorBefore
            | Self::KnownBrowser
            | Self::MailboxCode
            | Self::OwnersAllowance
            | Self::Operator => false,
        }
    }

    /// Whether it takes the place of a factor.
    pub const fn is_factor_before(self) -> bool {
        matches!(self, Self::FactorBefore)
    }

    /// Whether it is the user's mailbox that was proven.
    pub const fn is_mailbox(self) -> bool {
        match self {
            Self::KnownBrowser | Self::MailboxCode => true,
            Self::FactorBefore | Self::Allowance | Self::OwnersAllowance | Self::Operator => false,
        }
    }
}

/// The witness that a factor may come into use. Nothing outside this module makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted(Ground);

impl Admitted {
    /// The operator may turn a factor on for anybody: who runs the server is trusted with it.
    pub const fn by_operator() -> Self {
        Self(Ground::Operator)
    }

    /// By what.
    pub const fn ground(self) -> Ground {
        self.0
    }
}

/// Whether a user has a factor now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HasFactor {
    /// None: the next one is a first one.
    No,
    /// One, which was asked for.
    Yes,
}

/// What there is of a mailbox proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailboxProof {
    /// Nothing.
    None,
    /// This browser has proven this mailbox, and is still known.
    Browser,
    /// The code that was mailed for this act to this session.
    Code,
}

/// Whether somebody has let the user in, in this session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// Nobody, or it is over.
    None,
    /// Somebody has, and it lasts.
    InThisSession(LetInBy),
}

/// An account that a user belongs to, and who owns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Belongs {
    /// The account.
    pub account: AccountId,
    /// Its owner.
    pub owner: UserId,
    /// Whether it was deleted and may come back: its owner speaks for nobody, and no other owner speaks for who belongs to it.
    pub is_deleted: bool,
}

/// By whom a user was let in, where it still holds for what they are now. What an owner has said holds while that user
/// owns the one account that the other belongs to: a factor opens all accounts, and no owner speaks for those of others.
pub fn still_allowed(
    given: Option<(AccountId, UserId)>,
    belongs_to: &[Belongs],
) -> Option<LetInBy> {
    match (given, belongs_to) {
        (None, _) => Some(LetInBy::Operator),
        (Some((account, owner)), &[only])
            if !only.is_deleted && (only.account, only.owner) == (account, owner) =>
        {
            Some(LetInBy::Owner)
        }
        (Some(_), _) => None,
    }
}

/// Who besides the operator can let a user in, as the user is told.
pub fn who_helps(user: UserId, had_factor: bool, belongs_to: &[Belongs]) -> Helper {
    match belongs_to {
        [only] if !only.is_deleted && only.owner != user && !had_factor => Helper::Owner,
        _ => Helper::Operator,
    }
}

/// What is known of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// Its user reads it, or the operator said so.
    Proven,
    /// Nobody has shown that it is the user's: a code would go to somebody else.
    NotProven,
    /// Its mailbox was read by whoever chose it, in place of one that was not proven, with the password alone.
    Corrected,
}

impl Address {
    /// By what the row of a user says.
    pub const fn of(is_verified: bool, is_corrected: bool) -> Self {
        match (is_verified, is_corrected) {
            (true, false) => Self::Proven,
            (true, true) => Self::Corrected,
            (false, _) => Self::NotProven,
        }
    }
}

/// What there is, at the moment of an act that takes more than the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Whether the user has a factor.
    pub has: HasFactor,
    /// What was proven of the mailbox.
    pub proof: MailboxProof,
    /// Whether somebody has let the user in.
    pub allowance: Allowance,
    /// What is known of the address in use.
    pub address: Address,
}

/// Why an enrolment cannot begin yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    /// A code has to be mailed and typed in.
    #[error("a code from the mailbox is due")]
    CodeDue,
    /// No code can prove anything: somebody has to let the user in.
    #[error("the address proves nothing")]
    NotReachable,
}

/// Whether an enrolment may begin.
///
/// # Errors
/// See [`NotAdmitted`].
pub const fn admit(evidence: Evidence) -> Result<Admitted, NotAdmitted> {
    let Evidence {
        has,
        proof,
        allowance,
        address,
    } = evidence;
    match (has, allowance, address, proof) {
        (HasFactor::Yes, _, _, _) => Ok(Admitted(Ground::FactorBefore)),
        (HasFactor::No, Allowance::InThisSession(by), _, _) => Ok(Admitted(match by {
            LetInBy::Operator => Ground::Allowance,
            LetInBy::Owner => Ground::OwnersAllowance,
        })),
        (HasFactor::No, Allowance::None, Address::NotProven | Address::Corrected, _) => {
            Err(NotAdmitted::NotReachable)
        }
        (HasFactor::No, Allowance::None, Address::Proven, MailboxProof::Browser) => {
            Ok(Admitted(Ground::KnownBrowser))
        }
        (HasFactor::No, Allowance::None, Address::Proven, MailboxProof::Code) => {
            Ok(Admitted(Ground::MailboxCode))
        }
        (HasFactor::No, Allowance::None, Address::Proven, MailboxProof::None) => {
            Err(NotAdmitted::CodeDue)
        }
    }
}

/// Whether what an enrolment set up may come into use, by what it began with and what there is in the moment in which it does:
/// each ground is asked for again, and one that has gone meanwhile is none. An enrolment that began in place of a factor that has
/// been taken away since would be a first one without a proof; one that a server of an earlier version began has none. The code
/// from the mailbox is spent at the beginning, so that of it only the address remains to be asked for. What the operator sets up
/// is no enrolment.
pub fn finish(now: Evidence, began_with: Option<Ground>) -> Option<Admitted> {
    let ground = began_with?;
    let by = |by| now.allowance == Allowance::InThisSession(by);
    let stands = match (now.has, ground) {
        (HasFactor::Yes, ground) => ground.is_factor_before(),
        (HasFactor::No, Ground::FactorBefore | Ground::Operator) => false,
        (HasFactor::No, Ground::Allowance) => by(LetInBy::Operator),
        (HasFactor::No, Ground::OwnersAllowance) => by(LetInBy::Owner),
        (HasFactor::No, Ground::MailboxCode) => now.address == Address::Proven,
        (HasFactor::No, Ground::KnownBrowser) => {
            now.address == Address::Proven && now.proof == MailboxProof::Browser
        }
    };
    stands.then_some(Admitted(ground))
}

/// Until when somebody who is let in now may set up a factor.
pub fn allowance_ends(now: Timestamp) -> Timestamp {
    now + ALLOWANCE_LIFE
}

#[cfg(test)]
mod tests;

//! Changes of the address of a user: the proof they take besides the password, and whether the new address counts as proven.
//!
//! A first factor rests on the mailbox (`first_factor`), so who could change the address by the password alone would bring a
//! mailbox of their own. Of an address that nobody has proven nothing is taken away: it may be corrected, and the new
//! one lets nobody through to a first factor either.

use app::types::two_factor::LetInBy;

use super::first_factor::{Address, Allowance, Evidence, HasFactor, MailboxProof, NotAdmitted};

/// What a change of address was asked for with, besides the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backing {
    /// The factor of the user.
    Factor,
    /// A proof of the mailbox in use, or somebody who has let the user in.
    Proof,
    /// Nothing: the address in use proves nothing itself.
    Nothing,
}

impl Backing {
    const ALL: [Self; 3] = [Self::Factor, Self::Proof, Self::Nothing];

    /// The word that a change keeps until its link is opened.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Factor => "factor",
            Self::Proof => "proof",
            Self::Nothing => "nothing",
        }
    }

    /// The backing of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|backing| backing.word() == word)
    }
}

/// Whether the address that is asked for is the one in use, which is to be proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// It is.
    InUse,
    /// It is another one.
    Another,
}

/// Whether a change to another address may be asked for, and with what.
///
/// # Errors
/// `CodeDue` where the mailbox in use has to be proven first.
pub const fn may_ask(evidence: Evidence) -> Result<Backing, NotAdmitted> {
    let Evidence {
        has,
        proof,
        allowance,
        address,
    } = evidence;
    // An owner who lets somebody set up a factor says nothing of their address.
    let is_by_operator = match allowance {
        Allowance::InThisSession(LetInBy::Operator) => true,
        Allowance::InThisSession(LetInBy::Owner) | Allowance::None => false,
    };
    match (has, is_by_operator, address, proof) {
        (HasFactor::Yes, _, _, _) => Ok(Backing::Factor),
        (HasFactor::No, true, _, _)
        | (HasFactor::No, false, Address::Proven, MailboxProof::Browser | MailboxProof::Code) => {
            Ok(Backing::Proof)
        }
        (HasFactor::No, false, Address::NotProven, _)
        | (HasFactor::No, false, Address::Corrected, MailboxProof::Browser | MailboxProof::Code) => {
            Ok(Backing::Nothing)
        }
        (HasFactor::No, false, Address::Proven | Address::Corrected, MailboxProof::None) => {
            Err(NotAdmitted::CodeDue)
        }
    }
}

/// What the new address is worth once its link is confirmed, by what there is at that moment; nothing where the link is
/// over. One that was asked for with a factor that is gone since, or before the address in use was proven, would be a change
/// by the password alone; one that a server of an earlier version kept says nothing of what it was asked for with.
pub const fn confirmed(
    target: Target,
    has: HasFactor,
    address: Address,
    asked_with: Option<Backing>,
) -> Option<Address> {
    match (target, has, address, asked_with) {
        (Target::InUse, _, Address::Proven | Address::NotProven, _)
        | (Target::Another, HasFactor::Yes, _, _)
        | (Target::Another, HasFactor::No, _, Some(Backing::Proof)) => Some(Address::Proven),
        (Target::InUse, _, Address::Corrected, _)
        | (
            Target::Another,
            HasFactor::No,
            Address::NotProven | Address::Corrected,
            Some(Backing::Nothing) | None,
        ) => Some(Address::Corrected),
        (Target::Another, HasFactor::No, _, Some(Backing::Factor))
        | (Target::Another, HasFactor::No, Address::Proven, Some(Backing::Nothing) | None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROOFS: [MailboxProof; 3] = [
        MailboxProof::None,
        MailboxProof::Browser,
        MailboxProof::Code,
    ];
    const ADDRESSES: [Address; 3] = [Address::Proven, Address::NotProven, Address::Corrected];
    const BACKINGS: [Option<Backing>; 4] = [
        Some(Backing::Factor),
        Some(Backing::Proof),
        Some(Backing::Nothing),
        None,
    ];

    #[test]
    fn another_address_takes_a_proof_of_the_one_in_use_unless_that_proves_nothing() {
        use {Address as A, Allowance as L, HasFactor as H, MailboxProof as P};
        let ask = |has, allowance, address, proof| {
            may_ask(Evidence {
                has,
                proof,
                allowance,
                address,
            })
        };
        for (address, proof, expected) in [
            (A::Proven, P::None, Err(NotAdmitted::CodeDue)),
            (A::Proven, P::Browser, Ok(Backing::Proof)),
            (A::Proven, P::Code, Ok(Backing::Proof)),
            (A::NotProven, P::None, Ok(Backing::Nothing)),
            (A::NotProven, P::Browser, Ok(Backing::Nothing)),
            (A::NotProven, P::Code, Ok(Backing::Nothing)),
            (A::Corrected, P::None, Err(NotAdmitted::CodeDue)),
            (A::Corrected, P::Browser, Ok(Backing::Nothing)),
            (A::Corrected, P::Code, Ok(Backing::Nothing)),
        ] {
            let asked = ask(H::No, L::None, address, proof);
            assert_eq!(asked, expected, "{address:?} {proof:?}");
        }
        for (address, proof) in ADDRESSES.into_iter().flat_map(|a| PROOFS.map(|p| (a, p))) {
            let let_in = |by| ask(H::No, L::InThisSession(by), address, proof);
            let by_operator = let_in(LetInBy::Operator);
            assert_eq!(by_operator, Ok(Backing::Proof), "{address:?} {proof:?}");
            assert_eq!(let_in(LetInBy::Owner), ask(H::No, L::None, address, proof));
            for allowance in [L::None, L::InThisSession(LetInBy::Owner)] {
                let with_factor = ask(H::Yes, allowance, address, proof);
                assert_eq!(with_factor, Ok(Backing::Factor));
            }
        }
    }

    #[test]
    fn a_new_address_is_worth_what_it_was_asked_for_with() {
        use {Address as A, HasFactor as H};
        for (address, asked_with, expected) in [
            (A::Proven, Some(Backing::Factor), None),
            (A::Proven, Some(Backing::Proof), Some(A::Proven)),
            (A::Proven, Some(Backing::Nothing), None),
            (A::Proven, None, None),
            (A::NotProven, Some(Backing::Factor), None),
            (A::NotProven, Some(Backing::Proof), Some(A::Proven)),
            (A::NotProven, Some(Backing::Nothing), Some(A::Corrected)),
            (A::NotProven, None, Some(A::Corrected)),
            (A::Corrected, Some(Backing::Factor), None),
            (A::Corrected, Some(Backing::Proof), Some(A::Proven)),
            (A::Corrected, Some(Backing::Nothing), Some(A::Corrected)),
            (A::Corrected, None, Some(A::Corrected)),
        ] {
            let worth = confirmed(Target::Another, H::No, address, asked_with);
            assert_eq!(worth, expected, "{address:?} {asked_with:?}");
            let with_factor = confirmed(Target::Another, H::Yes, address, asked_with);
            assert_eq!(with_factor, Some(A::Proven));
        }
    }

    #[test]
    fn the_address_in_use_is_proven_by_its_mailbox_and_one_that_was_corrected_stays_that() {
        for asked_with in BACKINGS {
            for has in [HasFactor::No, HasFactor::Yes] {
                for (address, expected) in [
                    (Address::Proven, Address::Proven),
                    (Address::NotProven, Address::Proven),
                    (Address::Corrected, Address::Corrected),
                ] {
                    let worth = confirmed(Target::InUse, has, address, asked_with);
                    assert_eq!(worth, Some(expected), "{address:?} {asked_with:?}");
                }
            }
        }
    }

    #[test]
    fn every_backing_is_read_as_it_was_written() {
        for backing in Backing::ALL {
            assert_eq!(Backing::of_word(backing.word()), Some(backing));
        }
        assert_eq!(Backing::of_word("password"), None);
    }
}

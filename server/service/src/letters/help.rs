//! Whom a letter names as who can help its reader. An owner is not sent to the owner of the account.

use app::text::Texts;
use app::types::ids::UserId;

/// Who can help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LetterHelp {
    /// The owner of an account that the reader belongs to; they own none themselves.
    Owner,
    /// The owner of another account than theirs.
    AnotherOwner,
    /// Whoever operates the server.
    #[default]
    Operator,
}

impl LetterHelp {
    /// Who can help a user, by the owners of the accounts that they belong to.
    pub fn of(user: UserId, owners: impl IntoIterator<Item = UserId>) -> Self {
        let (mut owns, mut has_owner) = (false, false);
        for owner in owners {
            if owner == user {
                owns = true;
            } else {
                has_owner = true;
            }
        }
        match (has_owner, owns) {
            (true, false) => Self::Owner,
            (true, true) => Self::AnotherOwner,
            (false, _) => Self::Operator,
        }
    }

    /// As it stands after "ask".
    pub(super) fn in_words(self) -> &'static str {
        let t = Texts::english();
        match self {
            Self::Owner => t.mail_help_owner(),
            Self::AnotherOwner => t.mail_help_another_owner(),
            Self::Operator => t.mail_help_operator(),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn nobody_is_sent_to_the_owner_whom_they_are_themselves() {
        let [me, ada, bob] = [1, 2, 3].map(|id| UserId::new(Uuid::from_u128(id)));
        // (owners of the accounts, who helps)
        let table: [(&[UserId], LetterHelp); 5] = [
            (&[], LetterHelp::Operator),
            (&[me], LetterHelp::Operator),
            (&[ada], LetterHelp::Owner),
            (&[ada, bob], LetterHelp::Owner),
            (&[ada, me], LetterHelp::AnotherOwner),
        ];
        for (owners, help) in table {
            assert_eq!(
                LetterHelp::of(me, owners.iter().copied()),
                help,
                "{owners:?}"
            );
        }
    }
}

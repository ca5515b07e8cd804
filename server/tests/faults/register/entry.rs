//! What an entry of the register says: a fault, the rule that keeps it out, the doors that the rule is about, and the tests.

use super::program::List;

/// A rule, which several faults may break.
pub(crate) struct Rule {
    /// By which it is called in the register.
    pub(crate) name: &'static str,
    /// What holds, in a sentence.
    pub(crate) says: &'static str,
    /// The doors that it is about; none where it is about how something is made, shown or kept.
    pub(crate) doors: &'static [List],
    /// Tests that walk a whole list, so that a door which is added is tried at once.
    pub(crate) walks: &'static [(List, &'static str)],
    /// Doors that no walk tries, each with its test, or the reason why the rule asks for none.
    pub(crate) each: &'static [(&'static str, Tried)],
}

/// How a rule is tried at one door.
#[derive(Clone, Copy)]
pub(crate) enum Tried {
    /// By this test.
    By(&'static str),
    /// By none, because of this.
    Beside(&'static str),
}

/// A fault.
pub(crate) struct Entry {
    /// `F…` for those of others by their public number, `A…` for those of our own audit, `R…` for reports from the field.
    pub(crate) id: &'static str,
    /// What went wrong.
    pub(crate) what: &'static str,
    pub(crate) rule: &'static Rule,
    pub(crate) shown: Shown,
}

/// What shows that a fault is not ours.
pub(crate) enum Shown {
    /// Each of these tests fails where it comes back.
    By(&'static [&'static str]),
    /// These tests hold a part of the rule, and this is the rest.
    InPart(&'static [&'static str], &'static str),
    /// No test holds it, because of this.
    NotHeld(&'static str),
    /// There is nothing here that could have it.
    NothingOfTheKind(&'static str),
}

impl Rule {
    /// For rules of no doors.
    pub(crate) const fn inside(name: &'static str, says: &'static str) -> Self {
        Self {
            name,
            says,
            doors: &[],
            walks: &[],
            each: &[],
        }
    }

    /// For rules whose every door is walked.
    pub(crate) const fn walked(
        name: &'static str,
        says: &'static str,
        doors: &'static [List],
        walks: &'static [(List, &'static str)],
    ) -> Self {
        Self {
            name,
            says,
            doors,
            walks,
            each: &[],
        }
    }
}

impl Shown {
    pub(crate) const fn tests(&self) -> &'static [&'static str] {
        match self {
            Self::By(tests) | Self::InPart(tests, _) => tests,
            Self::NotHeld(_) | Self::NothingOfTheKind(_) => &[],
        }
    }
}

/// A table of faults: number, rule, what went wrong, and the tests, before a `!` and what they leave out.
macro_rules! faults {
    ($($(#[$doc:meta])* $table:ident { $($id:ident $rule:ident $what:literal [$($test:literal)*] $(! $rest:literal)? $(- $gone:literal)?)* })*) => {
        $(
            $(#[$doc])*
            pub(crate) const $table: &[$crate::register::entry::Entry] = &[
                $($crate::register::entry::Entry {
                    id: stringify!($id),
                    what: $what,
                    rule: &$rule,
                    shown: $crate::register::entry::faults!(@shown [$($test),*] $(! $rest)? $(- $gone)?),
                },)*
            ];
        )*
    };
    (@shown [] - $gone:literal) => { $crate::register::entry::Shown::NothingOfTheKind($gone) };
    (@shown [] ! $rest:literal) => { $crate::register::entry::Shown::NotHeld($rest) };
    (@shown [$($test:literal),+] ! $rest:literal) => {
        $crate::register::entry::Shown::InPart(&[$($test),+], $rest)
    };
    (@shown [$($test:literal),+]) => { $crate::register::entry::Shown::By(&[$($test),+]) };
}

pub(crate) use faults;

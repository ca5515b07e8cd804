//! The state of the form of the Authentication Settings, compared with the saved settings.

use leptos::prelude::*;

use crate::error::{ApiError, Field, Problem};
use crate::types::account::{AccountRules, AuthenticationSettings, SettingsChange};
use crate::types::day::{Day, FromDay};

/// From when the requirement would hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    AtOnce,
    On(Day),
}

/// The form's values, each in a signal of its own.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) required: RwSignal<bool>,
    /// From at once, rather than from a day.
    pub(super) at_once: RwSignal<bool>,
    pub(super) day: RwSignal<String>,
    pub(super) trusted: RwSignal<bool>,
    pub(super) sms: RwSignal<bool>,
}

impl Draft {
    pub(super) fn new() -> Self {
        Self {
            required: RwSignal::new(false),
            at_once: RwSignal::new(true),
            day: RwSignal::new(String::new()),
            trusted: RwSignal::new(false),
            sms: RwSignal::new(false),
        }
    }

    /// Takes what is saved.
    pub(super) fn reset(self, saved: &AuthenticationSettings) {
        let later = later(saved);
        self.required.set(saved.required_from.is_some());
        self.at_once.set(later.is_none());
        self.day
            .set(later.map(|from| from.day.to_string()).unwrap_or_default());
        self.trusted.set(saved.rules.trusted_browsers_allowed);
        self.sms.set(saved.rules.sms_counts);
    }

    pub(super) fn is_required(self) -> bool {
        self.required.get_untracked()
    }

    fn rules(self) -> AccountRules {
        AccountRules {
            trusted_browsers_allowed: self.trusted.get(),
            sms_counts: self.sms.get(),
        }
    }

    /// Whether there is anything to save.
    pub(super) fn differs(self, saved: &AuthenticationSettings) -> bool {
        self.required.get() != saved.required_from.is_some()
            || self.begins(saved)
            || self.rules() != saved.rules
    }

    /// Whether Save would make a requirement, or make it hold from another day.
    pub(super) fn begins(self, saved: &AuthenticationSettings) -> bool {
        let is_other = match (&saved.required_from, later(saved)) {
            (None, _) => true,
            (Some(_), None) => false,
            (_, Some(from)) => self.at_once.get() || *self.day.read() != from.day.to_string(),
        };
        self.required.get() && is_other
    }

    /// Whether Save would put off a requirement that is saved.
    pub(super) fn postpones(self, saved: &AuthenticationSettings) -> bool {
        let (Some(before), Some(Start::On(after))) = (later(saved), self.start(saved)) else {
            return false;
        };
        self.required.get() && after > before.day
    }

    /// Whether Save would make anything less strict than it is, which takes a proof. The server has the rule
    /// (`domain::enforcement::is_weaker`) and asks; this says so before.
    pub(super) fn weakens(self, saved: &AuthenticationSettings) -> bool {
        let lifts = saved.required_from.is_some() && !self.required.get();
        lifts
            || self.postpones(saved)
            || (self.trusted.get() && !saved.rules.trusted_browsers_allowed)
            || (self.sms.get() && !saved.rules.sms_counts)
    }

    /// How many people Save would shut out in the moment in which it is done.
    pub(super) fn shuts_out(self, saved: &AuthenticationSettings) -> u32 {
        let (before, after) = self.shut_by(saved);
        saved.uncovered.newly_shut_out(before, after)
    }

    /// Whether Save would shut out whoever is not covered in that moment and has access now, be there any or not.
    pub(super) fn shuts(self, saved: &AuthenticationSettings) -> bool {
        let (before, after) = self.shut_by(saved);
        after
            .is_some_and(|after| before.is_none_or(|before| before.sms_counts && !after.sms_counts))
    }

    /// The rules by which the account is shut now, and right after Save; nothing where it stands open.
    fn shut_by(
        self,
        saved: &AuthenticationSettings,
    ) -> (Option<AccountRules>, Option<AccountRules>) {
        let was_shut = holds(saved);
        let is_shut = self.required.get() && (was_shut || self.start(saved) == Some(Start::AtOnce));
        (
            was_shut.then_some(saved.rules),
            is_shut.then(|| self.rules()),
        )
    }

    /// How many people are not covered by the rules that are chosen.
    pub(super) fn uncovered(self, saved: &AuthenticationSettings) -> u32 {
        saved.uncovered.under(self.rules())
    }

    /// Whether those who are not covered are the same by the rules that are chosen as by those that are saved.
    pub(super) fn leaves_the_same_uncovered(self, saved: &AuthenticationSettings) -> bool {
        self.sms.get() == saved.rules.sms_counts
    }

    /// Chooses a day in place of at once.
    pub(super) fn take_day(self, day: Day) {
        self.at_once.set(false);
        self.day.set(day.to_string());
    }

    /// The day that is chosen; nothing for at once, or while there is none.
    fn chosen(self) -> Option<Day> {
        let is_day = !self.at_once.get();
        self.day.read().parse().ok().filter(|_| is_day)
    }

    /// From when the requirement would hold; nothing for a day that is still to be chosen. Today means at once.
    pub(super) fn start(self, saved: &AuthenticationSettings) -> Option<Start> {
        if self.at_once.get() {
            return Some(Start::AtOnce);
        }
        let day = self.chosen()?;
        let is_saved = later(saved).is_some_and(|from| from.day == day);
        Some(if day == saved.first_day && !is_saved {
            Start::AtOnce
        } else {
            Start::On(day)
        })
    }

    /// The zone that a chosen day is a day in: the account's, or that of the day that is saved, which does not move.
    pub(super) fn zone_of(saved: &AuthenticationSettings, day: Day) -> &str {
        let is_saved = later(saved).filter(|from| from.day == day);
        is_saved.map_or(&saved.zone, |from| &from.zone)
    }

    /// What Save sends.
    pub(super) fn change(self, saved: &AuthenticationSettings) -> Result<SettingsChange, ApiError> {
        untrack(|| {
            let required = self.required.get();
            // One that holds already keeps its day.
            let asks_from = required && !holds(saved);
            let from = self.chosen().filter(|_| asks_from);
            if asks_from && !self.at_once.get() && from.is_none() {
                return Err(ApiError::field(Field::StartDate, Problem::NotADate));
            }
            Ok(SettingsChange {
                version: saved.version,
                required,
                required_from: from,
                rules: self.rules(),
            })
        })
    }
}

/// The requirement holds already.
pub(super) const fn holds(saved: &AuthenticationSettings) -> bool {
    saved.required_from.is_some() && saved.in_force
}

/// From when a requirement that is saved will hold, where that is yet to come.
fn later(saved: &AuthenticationSettings) -> Option<&FromDay> {
    saved.required_from.as_ref().filter(|_| !saved.in_force)
}

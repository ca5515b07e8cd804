//! The state of the form of the Authentication Settings, compared with the saved settings.

use leptos::prelude::*;

use crate::browser;
use crate::error::{ApiError, Field, Problem};
use crate::types::account::{AccountRules, AuthenticationSettings, SettingsChange};
use crate::types::timestamp::Timestamp;

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
        self.day.set(later.map(browser::day_of).unwrap_or_default());
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
        let is_other = match (saved.required_from, later(saved)) {
            (None, _) => true,
            (Some(_), None) => false,
            (_, Some(from)) => self.at_once.get() || *self.day.read() != browser::day_of(from),
        };
        self.required.get() && is_other
    }

    /// Whether Save would put off a requirement that is saved.
    pub(super) fn postpones(self, saved: &AuthenticationSettings) -> bool {
        let (Some(before), Some(after)) = (saved.required_from, self.from(saved)) else {
            return false;
        };
        self.required.get() && !holds(saved) && after > before
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

    /// From when the requirement would hold: nothing for at once, or for a day that is still to be chosen.
    pub(super) fn from(self, saved: &AuthenticationSettings) -> Option<Timestamp> {
        if self.at_once.get() {
            return None;
        }
        // The very moment that is saved, which is no midnight where the reader is elsewhere than who chose it.
        later(saved)
            .filter(|from| *self.day.read() == browser::day_of(*from))
            .or_else(|| browser::midnight(&self.day.read()))
    }

    /// What Save sends.
    pub(super) fn change(self, saved: &AuthenticationSettings) -> Result<SettingsChange, ApiError> {
        untrack(|| {
            let required = self.required.get();
            // One that holds already keeps its day.
            let asks_from = required && !holds(saved);
            let from = self.from(saved).filter(|_| asks_from);
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

/// The moment from which a requirement that is saved will hold, where that is yet to come.
fn later(saved: &AuthenticationSettings) -> Option<Timestamp> {
    saved.required_from.filter(|_| !saved.in_force)
}

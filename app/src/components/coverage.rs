//! How many users of an account have two-factor authentication: as a bar, in words, and by name.

use leptos::prelude::*;

use crate::text::named::{CountCovered, MoreNames};
use crate::text::t;
use crate::types::account::Coverage;

/// The bar and the words that say the same.
pub(crate) fn coverage_bar(coverage: &Coverage) -> AnyView {
    let words = t().account_covered(CountCovered {
        count: coverage.users,
        covered: &coverage.covered,
    });
    view! {
        <div class="coverage">
            <progress
                class="coverage__bar"
                max=coverage.users.to_string()
                value=coverage.covered.to_string()
                aria-hidden="true"
            ></progress>
            <p class="card__fact">{words}</p>
        </div>
    }
    .into_any()
}

/// How many users are not covered.
pub(crate) const fn uncovered(coverage: &Coverage) -> u32 {
    coverage.users.saturating_sub(coverage.covered)
}

/// Who they are: the names that came, and how many more there are.
pub(crate) fn uncovered_names(coverage: &Coverage) -> String {
    let names = coverage.uncovered.join(", ");
    let listed = u32::try_from(coverage.uncovered.len()).unwrap_or(u32::MAX);
    match uncovered(coverage).saturating_sub(listed) {
        0 => names,
        more => t().account_and(MoreNames {
            more: &more,
            names: &names,
        }),
    }
}

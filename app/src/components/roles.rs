//! Roles: their names, and boxes to choose some.

use leptos::prelude::*;

use crate::text::t;
use crate::types::role::Role;
use crate::ui::live;

/// The name of a role.
pub(crate) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Owner => t().role_owner(),
        Role::Admin => t().role_admin(),
        Role::Developer => t().role_developer(),
        Role::Billing => t().role_billing(),
    }
}

/// Roles in one line.
pub(crate) fn role_names(roles: &[Role]) -> String {
    let names: Vec<_> = roles.iter().map(|role| role_name(*role)).collect();
    names.join(", ")
}

/// Whether these roles look after users: giving them takes a proof.
pub(crate) fn looks_after_users(roles: &[Role]) -> bool {
    roles
        .iter()
        .any(|role| matches!(role, Role::Owner | Role::Admin))
}

/// A box for each role of `offered`; the ticked ones are in `chosen`.
pub(crate) fn role_boxes(
    offered: Vec<Role>,
    chosen: RwSignal<Vec<Role>>,
    error: Signal<Option<String>>,
) -> AnyView {
    let role_box = |role: Role| {
        view! {
            <label class="check">
                <input
                    class="check__box"
                    type="checkbox"
                    prop:checked=move || chosen.read().contains(&role)
                    on:change=move |event| {
                        let ticked = event_target_checked(&event);
                        chosen.update(|chosen| {
                            chosen.retain(|it| *it != role);
                            if ticked {
                                chosen.push(role);
                            }
                        });
                    }
                />
                <span>{role_name(role)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="group">
            <legend class="field__label">{t().role_title()}</legend>
            {offered.into_iter().map(role_box).collect_view()}
            <p class="field__error" role="alert">{live(move || error.get())}</p>
        </fieldset>
    }
    .into_any()
}

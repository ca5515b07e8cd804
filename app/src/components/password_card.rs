//! The card **Password** on the user's Security page.

use leptos::prelude::*;

use super::confirm::{Confirm, Said, confirm_dialog};
use super::form_values::input_name;
use super::loaded::loaded;
use super::outcome::CardMessage;
use super::security_card::opens;
use super::step_up::proof;
use super::task::Task;
use crate::api::password::change_password;
use crate::api::profile::profile;
use crate::error::Field;
use crate::text::t;
use crate::types::profile::Profile;
use crate::ui::{Button, Card, Kind, PLACE, PasswordField, date_time, sentence};

/// The card and its dialog, which `open` opens from elsewhere too. `on_change` hears of a new password, which ends
/// other sessions.
#[component]
pub(crate) fn PasswordCard(open: RwSignal<bool>, on_change: Callback<()>) -> AnyView {
    let now = RwSignal::new(None::<Profile>);
    let load = Task::new(move || async move {
        now.set(Some(profile().await?));
        Ok(())
    });
    load.start();
    let said = CardMessage::new();
    let fields = &[Field::Password, Field::Code, Field::NewPassword];
    let change = Task::of_form(fields, move |values| async move {
        change_password(values.secret(Field::NewPassword), proof(&values)).await?;
        open.set(false);
        said.say(t().password_changed());
        load.start();
        on_change.run(());
        Ok(())
    });
    let words = Callback::new(|()| Said {
        body: view! { <p>{t().password_change_intro()}</p> }.into_any(),
        label: t().password_save().to_owned(),
        kind: Kind::Primary,
        proof: Signal::stored(true),
    });
    view! {
        <Card title=t().common_password() heading=said.heading>
            {said.view()}
            {move || loaded(load, now.read().as_ref().map(|now| body(now, open)))}
        </Card>
        {confirm_dialog(with_proof(
            Confirm::new(open, t().password_change(), change, words)
                .with_fields_after(Callback::new(move |()| new_password(change))),
            now,
        ))}
    }
    .into_any()
}

/// A dialog with a step-up, as the profile says whose and how.
pub(crate) fn with_proof(confirm: Confirm, now: RwSignal<Option<Profile>>) -> Confirm {
    let email = Signal::derive(move || {
        let now = now.read();
        now.as_ref().map(|it| it.email.clone()).unwrap_or_default()
    });
    let code_due =
        Signal::derive(move || now.read().as_ref().is_some_and(|it| it.step_up_needs_code));
    confirm.with_proof(email, code_due)
}

fn body(now: &Profile, open: RwSignal<bool>) -> AnyView {
    let changed = date_time(now.password_changed_at.seconds());
    view! {
        <p class="card__fact">{sentence(&t().password_since(&PLACE), changed)}</p>
        <div class="card__actions">
            <Button label=t().password_change() kind=Kind::Secondary on_click=opens(open) />
        </div>
    }
    .into_any()
}

fn new_password(task: Task) -> AnyView {
    view! {
        <PasswordField
            label=t().password_new()
            name=input_name(Field::NewPassword)
            autocomplete="new-password"
            hint=t().common_new_password_hint()
            error=task.error_beside(Field::NewPassword)
        />
    }
    .into_any()
}

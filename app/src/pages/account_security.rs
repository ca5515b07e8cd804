//! `/accounts/{id}/security`: the **Authentication Settings** of an account.

mod asking;
mod consequences;
mod draft;
mod fields;
mod leaving;

use leptos::{html, prelude::*};

use crate::api::account::{authentication_settings, save_authentication_settings};
use crate::browser;
use crate::components::account_frame::no_right;
use crate::components::activity::what_happened;
use crate::components::confirm::{Confirm, Said, confirm_dialog};
use crate::components::form::Form;
use crate::components::loaded::loaded;
use crate::components::page::PageTitle;
use crate::components::step_up;
use crate::components::task::Task;
use crate::error::{ApiError, Field};
use crate::messages;
use crate::text::named::DateName;
use crate::text::t;
use crate::types::account::{AccountRef, AuthenticationSettings, EnteredAccount};
use crate::types::rolling_out::asks_before;
use crate::types::two_factor::StepUp;
use crate::ui::{Button, Card, Kind, PLACE, Tone, alert, date_time, live, sentence, unique_id};
use asking::{Asking, asking_dialog};
use consequences::{consequences, put_off, saved_than_said, weaker_lines};
use draft::Draft;
use fields::fields;
use leaving::leaving_dialog;

/// What the last save led to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SaveResult {
    Saved,
    Stale,
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct SecurityPageContext {
    account: AccountRef,
    saved: RwSignal<Option<AuthenticationSettings>>,
    draft: Draft,
    /// Whether there is anything to save.
    differs: Memo<bool>,
    outcome: RwSignal<Option<SaveResult>>,
    heading: NodeRef<html::H2>,
}

impl SecurityPageContext {
    /// Shows what the server holds.
    fn show(self, settings: AuthenticationSettings) {
        self.draft.reset(&settings);
        self.saved.set(Some(settings));
    }

    async fn load(self) -> Result<(), ApiError> {
        self.show(authentication_settings(self.account).await?);
        Ok(())
    }

    /// Saves what the form holds. Where somebody else was first, shows what holds now and says so.
    async fn save(self, step_up: Option<StepUp>) -> Result<(), ApiError> {
        let Some(change) = self
            .saved
            .with_untracked(|saved| saved.as_ref().map(|saved| self.draft.change(saved)))
        else {
            return Ok(());
        };
        let outcome = match save_authentication_settings(self.account, change?, step_up).await {
            Ok(settings) => {
                self.show(settings);
                SaveResult::Saved
            }
            Err(ApiError::Stale) => {
                self.load().await?;
                SaveResult::Stale
            }
            Err(error) => return Err(error),
        };
        self.say(outcome);
        Ok(())
    }

    fn say(self, outcome: SaveResult) {
        self.outcome.set(Some(outcome));
        // The button that had the focus is off now.
        request_animation_frame(move || {
            if let Some(heading) = self.heading.try_get_untracked().flatten() {
                browser::focus(&heading);
            }
        });
    }

    /// Saves where nobody has to be asked first. People join and settings are changed while a form is open, so that what
    /// would shut somebody out is asked about by what the server holds now.
    async fn save_or_ask(self, asking: RwSignal<bool>) -> Result<(), ApiError> {
        let draft = self.draft;
        let of_saved = |what: &dyn Fn(&AuthenticationSettings) -> bool| {
            untrack(|| self.saved.read().as_ref().is_some_and(what))
        };
        if of_saved(&|saved| draft.shuts(saved)) {
            let fresh = authentication_settings(self.account).await?;
            if !of_saved(&|saved| saved.version == fresh.version) {
                self.show(fresh);
                self.say(SaveResult::Stale);
                return Ok(());
            }
            self.saved.set(Some(fresh));
            if of_saved(&|saved| asks_before(draft.shuts_out(saved), saved.coverage.users)) {
                asking.set(true);
                return Ok(());
            }
        }
        self.save(None).await
    }
}

/// The authentication settings of an account.
pub(crate) fn account_security_page(account: &EnteredAccount) -> AnyView {
    let title = view! { <PageTitle title=t().settings_title(&account.name) /> };
    if let Some(why) = account.read_settings {
        return view! {
            {title}
            {no_right(why)}
        }
        .into_any();
    }
    let saved = RwSignal::new(None);
    let draft = Draft::new();
    let differs = Memo::new(move |_| {
        let saved: &Option<AuthenticationSettings> = &saved.read();
        saved.as_ref().is_some_and(|it| draft.differs(it))
    });
    let settings = SecurityPageContext {
        account: AccountRef::Id(account.id),
        saved,
        draft,
        differs,
        outcome: RwSignal::new(None),
        heading: NodeRef::new(),
    };
    let load = Task::new(move || settings.load());
    load.start();
    let proving = RwSignal::new(false);
    // The server says when a proof is due, so that none is asked for in vain and none is missing.
    let or_proof = move |done| match done {
        Err(ApiError::StepUpNeeded) => {
            proving.set(true);
            Ok(())
        }
        done => done,
    };
    let asking = RwSignal::new(false);
    let save = Task::of_form(&[Field::StartDate], move |_| async move {
        settings.outcome.set(None);
        or_proof(settings.save_or_ask(asking).await)
    });
    let confirm = Task::new(move || async move {
        or_proof(settings.save(None).await)?;
        asking.set(false);
        Ok(())
    });
    let asking = Asking {
        settings,
        open: asking,
        confirm,
        save,
    };
    let is_known = Memo::new(move |_| settings.saved.read().is_some());
    let name = account.name.clone();
    view! {
        {title}
        <Card title=t().settings_card() heading=settings.heading>
            <div role="status">{live(move || settings.outcome.get().filter(|_| save.refusal().is_none()).map(said))}</div>
            {live(move || loaded(load, is_known.get().then(|| form(settings, save))))}
        </Card>
        {asking_dialog(&asking, name.clone())}
        {weaken_dialog(settings, name, proving)}
        {leaving_dialog(settings, save)}
    }
    .into_any()
}

fn said(outcome: SaveResult) -> AnyView {
    match outcome {
        SaveResult::Saved => alert(Tone::Good, t().settings_saved().into_any()),
        SaveResult::Stale => alert(Tone::Careful, messages::sentence(&ApiError::Stale)),
    }
}

fn form(settings: SecurityPageContext, save: Task) -> AnyView {
    let SecurityPageContext {
        saved,
        draft,
        differs,
        ..
    } = settings;
    let denied = Memo::new(move |_| saved.read().as_ref().and_then(|it| it.change));
    let why = unique_id("why");
    let about = why.clone();
    view! {
        <Form task=save>
            {fields(settings, denied, save)}
            {live(move || saved.read().as_ref().map(|it| consequences(it, draft)))}
            <div class="card__actions">
                <Button
                    label=t().settings_save()
                    pending=save.pending()
                    pending_label=t().settings_saving()
                    disabled=Signal::derive(move || !differs.get())
                    described_by=about
                />
                <p class="card__beside" id=why>
                    // Who may change nothing has read why above.
                    {live(move || (!differs.get() && denied.get().is_none()).then(|| t().settings_nothing()))}
                </p>
            </div>
            {live(move || saved.read().as_ref().and_then(changed))}
        </Form>
    }
    .into_any()
}

/// Who saved last, when, and what that changed.
fn changed(settings: &AuthenticationSettings) -> Option<AnyView> {
    let at = date_time(settings.changed_at?.seconds());
    let words = match &settings.changed_by {
        Some(name) => t().settings_changed_by(DateName { date: &PLACE, name }),
        None => t().settings_changed(&PLACE),
    };
    let what = |event| view! { <p class="card__beside">{what_happened(event, None)}</p> };
    let changes: Vec<_> = settings.changes.iter().map(what).collect();
    let put_off = saved_than_said(settings)
        .and_then(|than_said| put_off(settings, than_said))
        .map(|words| view! { <p class="card__beside">{words}</p> });
    Some(
        view! {
            <p class="card__beside">{sentence(&words, at)}</p>
            {changes}
            {put_off}
        }
        .into_any(),
    )
}

/// Settings that are less strict open the account to more people or by less: the owner proves that it is them.
fn weaken_dialog(settings: SecurityPageContext, name: String, open: RwSignal<bool>) -> AnyView {
    let task = Task::of_form(step_up::FIELDS, move |values| async move {
        settings.save(Some(step_up::proof(&values))).await?;
        open.set(false);
        Ok(())
    });
    let lifts = move || {
        let saved = settings.saved.read_untracked();
        let is_required = saved.as_ref().is_some_and(|it| it.required_from.is_some());
        is_required && !settings.draft.is_required()
    };
    let said = Callback::new(move |()| {
        let (text, label) = if lifts() {
            (t().settings_off_text(&name), t().settings_off_button(&name))
        } else {
            let label = t().settings_weaker_button().to_owned();
            (t().settings_weaker_text(&name), label)
        };
        let lines = {
            let saved = settings.saved.read_untracked();
            saved.as_ref().map(|it| weaker_lines(it, settings.draft))
        };
        Said {
            body: view! {
                <p>{text}</p>
                <ul class="group__lines">{lines}</ul>
            }
            .into_any(),
            label,
            kind: Kind::Danger,
            proof: Signal::stored(true),
        }
    });
    let email = Signal::derive(move || {
        let saved = settings.saved.read();
        saved
            .as_ref()
            .map(|it| it.email.clone())
            .unwrap_or_default()
    });
    let code_due = Signal::derive(move || {
        let saved = settings.saved.read();
        saved.as_ref().is_some_and(|it| it.step_up_needs_code)
    });
    let title = Signal::derive(move || {
        open.track();
        if untrack(lifts) {
            t().settings_off_title()
        } else {
            t().settings_weaker_title()
        }
    });
    let confirm = Confirm::new(open, "", task, said).with_title(title);
    confirm_dialog(confirm.with_proof(email, code_due))
}

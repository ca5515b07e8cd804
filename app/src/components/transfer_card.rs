//! The card **Offer of the account**: its owner can take it back, and the one whom it is for accepts or declines.

use leptos::prelude::*;

use super::confirm::{Confirm, Said, confirm_dialog};
use super::current_account::CurrentAccount;
use super::outcome::CardMessage;
use super::security_card::opens;
use super::step_up::{FIELDS, proof};
use super::task::Task;
use crate::api::team::{accept_transfer, decline_transfer, take_back_transfer};
use crate::messages::denial;
use crate::text::named::{DateFrom, DateTo};
use crate::text::t;
use crate::types::account::{AccountRef, EnteredAccount, PendingTransfer};
use crate::ui::{Button, Card, Kind, PLACE, Tone, alert, date_time, live, sentence, unique_id};

/// What the parts of the card share.
#[derive(Clone, Copy)]
struct TransferCardContext {
    take_back: Task,
    decline: Task,
    /// The dialog that accepts.
    open: RwSignal<bool>,
}

/// The card, while there is an offer, and what became of one; `load` asks for the account's overview again.
pub(crate) fn transfer_card(
    account: &EnteredAccount,
    offer: Signal<Option<PendingTransfer>>,
    load: Task,
) -> AnyView {
    let id = AccountRef::Id(account.id);
    let (said, open) = (CardMessage::new(), RwSignal::new(false));
    let done = move |words| {
        said.say(words);
        load.start();
    };
    let take_back = Task::new(move || async move {
        take_back_transfer(id).await?;
        done(t().account_transfer_taken_back());
        Ok(())
    });
    let decline = Task::new(move || async move {
        decline_transfer(id).await?;
        done(t().account_transfer_declined());
        Ok(())
    });
    let current = CurrentAccount::here();
    let accept = Task::of_form(FIELDS, move |values| async move {
        accept_transfer(id, proof(&values)).await?;
        open.set(false);
        done(t().account_transfer_accepted());
        // What the reader may see of the account has grown.
        current.refresh_list().await;
        Ok(())
    });
    let parts = TransferCardContext {
        take_back,
        decline,
        open,
    };
    let words = {
        let name = account.name.clone();
        Callback::new(move |()| Said {
            body: view! { <p>{t().account_transfer_accept_text(&name)}</p> }.into_any(),
            label: t().account_transfer_accept_button(&name),
            kind: Kind::Primary,
            proof: Signal::stored(true),
        })
    };
    let email = Signal::derive(move || offer.get().map(|it| it.email).unwrap_or_default());
    let code_due = Signal::derive(move || offer.get().is_some_and(|it| it.step_up_needs_code));
    let confirm = Confirm::new(open, t().account_transfer_accept_title(), accept, words)
        .with_proof(email, code_due);
    let is_shown = Memo::new(move |_| offer.read().is_some() || said.has_said());
    let body = move || {
        view! {
            <Card title=t().account_transfer_title() heading=said.heading>
                {said.view()}
                {live(move || offer.get().map(|offer| body(&offer, parts)))}
            </Card>
        }
    };
    view! {
        {move || is_shown.get().then(body)}
        {confirm_dialog(confirm)}
    }
    .into_any()
}

fn body(offer: &PendingTransfer, parts: TransferCardContext) -> AnyView {
    if offer.is_to_reader {
        return received(offer, parts);
    }
    let text = t().account_transfer_sent(DateTo {
        date: &PLACE,
        to: &offer.to,
    });
    let take_back = parts.take_back;
    view! {
        <p class="card__fact">{sentence(&text, date_time(offer.until.seconds()))}</p>
        {failed(take_back)}
        <div class="card__actions">
            <Button
                label=t().account_transfer_take_back()
                kind=Kind::Secondary
                on_click=Callback::new(move |()| take_back.start())
                pending=take_back.pending()
            />
        </div>
    }
    .into_any()
}

fn received(offer: &PendingTransfer, parts: TransferCardContext) -> AnyView {
    let text = t().account_transfer_received(DateFrom {
        date: &PLACE,
        from: &offer.from,
    });
    let decline = parts.decline;
    let why = unique_id("why");
    let denied = offer.accept;
    view! {
        <p class="card__fact">{sentence(&text, date_time(offer.until.seconds()))}</p>
        {failed(decline)}
        <div class="card__actions">
            <Button
                label=t().account_transfer_accept()
                on_click=opens(parts.open)
                disabled=Signal::stored(denied.is_some())
                described_by=why.clone()
            />
            <Button
                label=t().account_transfer_decline()
                kind=Kind::Secondary
                on_click=Callback::new(move |()| decline.start())
                pending=decline.pending()
            />
            <p class="card__beside" id=why>{denied.map(denial)}</p>
        </div>
    }
    .into_any()
}

fn failed(task: Task) -> AnyView {
    live(move || task.general_error().map(|text| alert(Tone::Danger, text)))
}

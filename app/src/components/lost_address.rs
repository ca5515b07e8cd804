//! What somebody is told on every page whose address was won by its mailbox, until they have given another one.

use leptos::prelude::*;

use super::session::SessionContext;
use crate::browser::PageAddress;
use crate::text::named::DateEmail;
use crate::text::t;
use crate::types::page::Page;
use crate::types::session::LostAddressNotice;
use crate::ui::{Kind, PLACE, Tone, alert, date_time, link_button, sentence};

/// The banner.
#[component]
pub(crate) fn LostAddressBanner() -> AnyView {
    let session = SessionContext::here();
    let path = PageAddress::here().path();
    let lost = Memo::new(move |_| {
        let user = session.user().filter(|user| user.email.is_empty());
        user.map(|user| user.lost_address)
    });
    view! {
        <div role="status">
            {move || lost.get().map(|lost| banner(lost.as_ref(), Page::of(&path.read()) == Some(Page::Profile)))}
        </div>
    }
    .into_any()
}

/// On the Profile page the card has the button.
fn banner(lost: Option<&LostAddressNotice>, is_there: bool) -> AnyView {
    let words = match lost {
        Some(lost) => {
            let names = DateEmail {
                date: &PLACE,
                email: &lost.email,
            };
            sentence(&t().profile_lost(names), date_time(lost.until.seconds()))
        }
        None => t().profile_lost_over().into_any(),
    };
    let button = (!is_there).then(|| {
        link_button(
            t().profile_give_another(),
            Page::Profile.path(),
            Kind::Secondary,
        )
    });
    let content = view! {
        <p>{words}</p>
        {button}
    };
    alert(Tone::Careful, content.into_any())
}

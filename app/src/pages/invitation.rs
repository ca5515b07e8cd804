//! `/invitation`: what the mailed link of an invitation leads to. Its token travels in the fragment.

use leptos::prelude::*;

use crate::api::invitation::{accept_invitation, join, open_invitation};
use crate::api::session::sign_out;
use crate::browser::{self, PageAddress, TabItem};
use crate::components::console_ahead::console_ahead;
use crate::components::form::Form;
use crate::components::form_values::input_name;
use crate::components::mailed_link::opening;
use crate::components::page::PageTitle;
use crate::components::roles::role_names;
use crate::components::session::SessionContext;
use crate::components::signed_in::sign_in_path;
use crate::components::task::Task;
use crate::error::{ApiError, Field};
use crate::text::named::AccountInviterRoles;
use crate::text::t;
use crate::types::page::{AccountPage, Page};
use crate::types::secret_text::SecretText;
use crate::types::team::{InvitationOffer, InvitationStep, InvitedUser};
use crate::ui::{Button, Kind, PasswordField, TextField, hidden_username, link_button};

/// Where the page is.
#[derive(Clone, PartialEq, Eq)]
enum InvitationStage {
    Opening,
    Offered(InvitationOffer),
    Joined(InvitationOffer),
    Over,
    /// Whoever sent it may no longer give these roles.
    Void,
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct InvitationContext {
    token: StoredValue<SecretText>,
    stage: RwSignal<InvitationStage>,
}

impl InvitationContext {
    /// Used, or worth nothing: the tab need not keep it.
    fn over(self, stage: InvitationStage) {
        TabItem::Invitation.forget();
        self.stage.set(stage);
    }
}

/// The page of an invitation.
#[component]
pub(crate) fn InvitationPage() -> AnyView {
    // The link itself, or the one that was opened before a sign-in in this tab.
    let token =
        browser::take_fragment().or_else(|| TabItem::Invitation.kept().map(SecretText::new));
    let invitation = InvitationContext {
        token: StoredValue::new(token.unwrap_or_default()),
        stage: RwSignal::new(InvitationStage::Opening),
    };
    let open = Task::new(move || async move {
        let token = invitation.token.get_value();
        if token.expose().is_empty() {
            invitation.over(InvitationStage::Over);
            return Ok(());
        }
        match open_invitation(token.clone()).await {
            Ok(offer) => {
                if matches!(
                    offer.next,
                    InvitationStep::SignIn
                        | InvitationStep::ClaimAddress
                        | InvitationStep::ConfirmAddress
                        | InvitationStep::SwitchUser
                        | InvitationStep::SignOut
                ) {
                    TabItem::Invitation.keep(token.expose());
                }
                invitation.stage.set(InvitationStage::Offered(offer));
                Ok(())
            }
            Err(ApiError::InviterWithoutRight) => {
                invitation.over(InvitationStage::Void);
                Ok(())
            }
            Err(ApiError::LinkOver | ApiError::NotFound) => {
                invitation.over(InvitationStage::Over);
                Ok(())
            }
            Err(error) => Err(error),
        }
    });
    open.start();
    let content = move || match invitation.stage.get() {
        InvitationStage::Opening => opening(open),
        InvitationStage::Offered(offer) => offered(invitation, offer),
        InvitationStage::Joined(offer) => view! {
            <PageTitle title=t().invitation_joined_title(&offer.account_name) />
            <p>{t().invitation_joined(&offer.email)}</p>
            {link_button(t().setup_to_sign_in(), Page::SignIn.path(), Kind::Primary)}
        }
        .into_any(),
        InvitationStage::Over => over(t().invitation_over()),
        InvitationStage::Void => over(t().refusal_inviter_without_right()),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}

fn over(why: &'static str) -> AnyView {
    view! {
        <PageTitle title=t().invitation_over_title() />
        <p>{why}</p>
        {link_button(t().common_home(), Page::Start.path(), Kind::Secondary)}
    }
    .into_any()
}

fn offered(invitation: InvitationContext, offer: InvitationOffer) -> AnyView {
    let roles = role_names(&offer.roles);
    let title = t().invitation_join(&offer.account_name);
    let intro = t().invitation_intro(AccountInviterRoles {
        account: &offer.account_name,
        inviter: &offer.invited_by,
        roles: &roles,
    });
    let address = t().invitation_for(&offer.email);
    let next = match offer.next {
        InvitationStep::CreateUser => create_user(invitation, offer),
        InvitationStep::SignIn => view! {
            <p>{t().invitation_sign_in()}</p>
            {link_button(t().invitation_sign_in_button(), sign_in_path(&Page::Invitation.path()), Kind::Primary)}
        }
        .into_any(),
        InvitationStep::ClaimAddress => view! {
            <p>{t().invitation_claim_sign_in(&offer.email)}</p>
            {link_button(t().invitation_sign_in_button(), sign_in_path(&Page::Invitation.path()), Kind::Secondary)}
            <p>{t().invitation_claim_create(&offer.email)}</p>
            {create_user(invitation, offer)}
        }
        .into_any(),
        InvitationStep::ConfirmAddress => view! {
            <p>{t().invitation_confirm(&offer.email)}</p>
            {link_button(t().invitation_confirm_button(), Page::Profile.path(), Kind::Primary)}
            {
                let words = (t().invitation_confirm_not_you(), t().invitation_sign_out_button());
                switch_user(invitation, words, (Page::Invitation.path(), Kind::Secondary))
            }
        }
        .into_any(),
        InvitationStep::SwitchUser => {
            let after = sign_in_path(&Page::Invitation.path());
            let words = (t().invitation_switch(), t().invitation_switch_button());
            switch_user(invitation, words, (after, Kind::Primary))
        }
        InvitationStep::SignOut => {
            let words = (t().invitation_sign_out(), t().invitation_sign_out_button());
            switch_user(invitation, words, (Page::Invitation.path(), Kind::Primary))
        }
        InvitationStep::Accept => accept(invitation, &offer),
    };
    view! {
        <PageTitle title />
        <p class="page__intro">{intro} " " {address}</p>
        <div class="card">{next}</div>
    }
    .into_any()
}

/// A new user: a name and a password. Nobody is signed in by that.
fn create_user(invitation: InvitationContext, offer: InvitationOffer) -> AnyView {
    let label = t().invitation_join(&offer.account_name);
    let email = offer.email.clone();
    let task = Task::of_whole_form(&[Field::Name, Field::Password], move |values| {
        let offer = offer.clone();
        async move {
            let user = InvitedUser {
                name: values.text(Field::Name),
                password: values.secret(Field::Password),
            };
            join(invitation.token.get_value(), user).await?;
            invitation.over(InvitationStage::Joined(offer));
            Ok(())
        }
    });
    view! {
        <Form task>
            <p>{t().invitation_create_intro()}</p>
            {hidden_username(Signal::stored(email))}
            <TextField
                label=t().common_name()
                name=input_name(Field::Name)
                autocomplete="name"
                error=task.error_beside(Field::Name)
            />
            <PasswordField
                label=t().common_password()
                name=input_name(Field::Password)
                autocomplete="new-password"
                hint=t().common_new_password_hint()
                error=task.error_beside_new_password()
            />
            <Button label pending=task.pending() pending_label=t().invitation_joining() />
        </Form>
    }
    .into_any()
}

/// Somebody else is signed in; the invitation stays in this tab while they change places. The button is of a kind.
fn switch_user(
    invitation: InvitationContext,
    (why, label): (&'static str, &'static str),
    (after, kind): (String, Kind),
) -> AnyView {
    let session = SessionContext::here();
    let after = StoredValue::new(after);
    let task = Task::new(move || async move {
        let token = invitation.token.get_value();
        sign_out().await?;
        // Signing out clears what the browser stores of ours.
        TabItem::Invitation.keep(token.expose());
        session.leave(&after.get_value());
        Ok(())
    });
    view! {
        <Form task>
            <p>{why}</p>
            <Button label kind pending=task.pending() />
        </Form>
    }
    .into_any()
}

/// The right user is signed in.
fn accept(invitation: InvitationContext, offer: &InvitationOffer) -> AnyView {
    console_ahead();
    let label = t().invitation_join(&offer.account_name);
    let address = PageAddress::here();
    let task = Task::new(move || async move {
        let id = accept_invitation(invitation.token.get_value()).await?;
        TabItem::Invitation.forget();
        address.go_instead(&AccountPage::Overview.of_account(id).path());
        Ok(())
    });
    view! {
        <Form task>
            <Button
                label
                pending=task.pending()
                pending_label=t().invitation_joining()
            />
        </Form>
    }
    .into_any()
}

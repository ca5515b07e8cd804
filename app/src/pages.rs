//! Pages: one file per address. They fetch; components receive.

mod account_activity;
mod account_overview;
mod account_security;
mod account_users;
mod confirm_email;
mod forgot_password;
mod invitation;
mod not_found;
mod profile;
mod reset_password;
mod security;
mod setup;
mod sign_in;
mod sign_up;
mod start;
mod verify_email;

use leptos::prelude::*;

use crate::components::account_frame::{Tab, account_frame};
use crate::types::account::AccountRef;

/// What an address shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    Start,
    Setup,
    SignIn,
    SignUp,
    VerifyEmail,
    ForgotPassword,
    ResetPassword,
    ConfirmEmail,
    Profile,
    Security,
    Invitation,
    Account(AccountRef, Tab),
    NotFound,
}

impl Page {
    /// The page at a path; a slash at its end makes no other page.
    pub(crate) fn at(path: &str) -> Self {
        let path = path.trim_end_matches('/');
        match path {
            "" => Self::Start,
            "/setup" => Self::Setup,
            "/sign-in" => Self::SignIn,
            "/sign-up" => Self::SignUp,
            "/verify-email" => Self::VerifyEmail,
            "/forgot-password" => Self::ForgotPassword,
            "/reset-password" => Self::ResetPassword,
            "/confirm-email" => Self::ConfirmEmail,
            "/users/settings/profile" => Self::Profile,
            "/users/settings/security" => Self::Security,
            "/invitation" => Self::Invitation,
            _ => path
                .strip_prefix("/accounts/")
                .and_then(Tab::at)
                .map_or(Self::NotFound, |(account, tab)| Self::Account(account, tab)),
        }
    }

    /// Draws the page.
    pub(crate) fn view(self) -> AnyView {
        match self {
            Self::Start => start::StartPage(),
            Self::Setup => setup::SetupPage(),
            Self::SignIn => sign_in::SignInPage(),
            Self::SignUp => sign_up::SignUpPage(),
            Self::VerifyEmail => verify_email::VerifyEmailPage(),
            Self::ForgotPassword => forgot_password::ForgotPasswordPage(),
            Self::ResetPassword => reset_password::ResetPasswordPage(),
            Self::ConfirmEmail => confirm_email::ConfirmEmailPage(),
            Self::Profile => profile::ProfilePage(),
            Self::Security => security::SecurityPage(),
            Self::Invitation => invitation::InvitationPage(),
            Self::Account(account, tab) => account_frame(
                account,
                tab,
                match tab {
                    Tab::Overview => account_overview::account_overview_page,
                    Tab::Users => account_users::account_users_page,
                    Tab::Security => account_security::account_security_page,
                    Tab::Activity => account_activity::account_activity_page,
                },
            ),
            Self::NotFound => not_found::NotFoundPage(),
        }
    }
}

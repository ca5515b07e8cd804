//! Pages: one file per address. They fetch; components receive.

mod account_overview;
mod confirm_email;
mod forgot_password;
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
    AccountOverview,
    NotFound,
}

impl Page {
    /// The page at a path; a slash at its end makes no other page.
    pub(crate) fn at(path: &str) -> Self {
        match path.trim_end_matches('/') {
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
            "/accounts/any" => Self::AccountOverview,
            _ => Self::NotFound,
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
            Self::AccountOverview => account_overview::AccountOverviewPage(),
            Self::NotFound => not_found::NotFoundPage(),
        }
    }
}

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
mod reset_two_factor;
mod security;
mod setup;
mod sign_in;
mod sign_up;
mod start;
mod verify_email;

use leptos::prelude::*;

use crate::components::account_frame::{Tab, account_frame};

/// Whether an address is one of an account's pages.
pub(crate) fn is_of_accounts(path: &str) -> bool {
    path.starts_with("/accounts/")
}

/// The page at an address that is not an account's; a slash at its end makes no other page.
pub(crate) fn own_page(path: &str) -> AnyView {
    match path.trim_end_matches('/') {
        "" => start::StartPage(),
        "/setup" => setup::SetupPage(),
        "/sign-in" => sign_in::SignInPage(),
        "/sign-up" => sign_up::SignUpPage(),
        "/verify-email" => verify_email::VerifyEmailPage(),
        "/forgot-password" => forgot_password::ForgotPasswordPage(),
        "/reset-password" => reset_password::ResetPasswordPage(),
        "/reset-two-factor" => reset_two_factor::ResetTwoFactorPage(),
        "/confirm-email" => confirm_email::ConfirmEmailPage(),
        "/users/settings/profile" => profile::ProfilePage(),
        "/users/settings/security" => security::SecurityPage(),
        "/invitation" => invitation::InvitationPage(),
        _ => not_found::NotFoundPage(),
    }
}

/// The page at an address of an account.
pub(crate) fn accounts_page(path: &str) -> AnyView {
    let path = path.trim_end_matches('/');
    let Some((account, tab)) = path.strip_prefix("/accounts/").and_then(Tab::at) else {
        return not_found::NotFoundPage();
    };
    let content = match tab {
        Tab::Overview => account_overview::account_overview_page,
        Tab::Users => account_users::account_users_page,
        Tab::Security => account_security::account_security_page,
        Tab::Activity => account_activity::account_activity_page,
    };
    account_frame(account, tab, content)
}

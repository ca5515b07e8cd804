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

use crate::components::account_frame::account_frame;
use crate::types::page::{AccountPage, Page};

/// The page at an address that is not an account's.
pub(crate) fn own_page(path: &str) -> AnyView {
    match Page::of(path) {
        Some(Page::Start) => start::StartPage(),
        Some(Page::Setup) => setup::SetupPage(),
        Some(Page::SignIn) => sign_in::SignInPage(),
        Some(Page::SignUp) => sign_up::SignUpPage(),
        Some(Page::VerifyEmail) => verify_email::VerifyEmailPage(),
        Some(Page::ForgotPassword) => forgot_password::ForgotPasswordPage(),
        Some(Page::ResetPassword) => reset_password::ResetPasswordPage(),
        Some(Page::ResetTwoFactor) => reset_two_factor::ResetTwoFactorPage(),
        Some(Page::ConfirmEmail) => confirm_email::ConfirmEmailPage(),
        Some(Page::Profile) => profile::ProfilePage(),
        Some(Page::Security) => security::SecurityPage(),
        Some(Page::Invitation) => invitation::InvitationPage(),
        Some(Page::Account(..)) | None => not_found::NotFoundPage(),
    }
}

/// The page at an address of an account.
pub(crate) fn accounts_page(path: &str) -> AnyView {
    let Some(Page::Account(account, page)) = Page::of(path) else {
        return not_found::NotFoundPage();
    };
    let content = match page {
        AccountPage::Overview => account_overview::account_overview_page,
        AccountPage::Users => account_users::account_users_page,
        AccountPage::Security => account_security::account_security_page,
        AccountPage::Activity => account_activity::account_activity_page,
    };
    account_frame(account, page, content)
}

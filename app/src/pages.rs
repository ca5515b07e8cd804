//! Pages: one file per address. They fetch; components receive.

mod account_activity;
mod account_general;
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
use crate::types::account::AccountRef;
use crate::types::page::{AccountPage, Page};

/// A page of the ways in.
pub(crate) fn way_in_page(path: &str) -> AnyView {
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
        Some(Page::Invitation) => invitation::InvitationPage(),
        Some(Page::Profile | Page::Security | Page::Account(..)) | None => {
            not_found::NotFoundPage()
        }
    }
}

/// A page of the console.
pub(crate) fn console_page(path: &str) -> AnyView {
    match Page::of(path) {
        Some(Page::Start) => start::StartPage(),
        Some(Page::Profile) => profile::ProfilePage(),
        Some(Page::Security) => security::SecurityPage(),
        Some(Page::Account(account, page)) => account_page(account, page),
        Some(
            Page::Setup
            | Page::SignIn
            | Page::SignUp
            | Page::VerifyEmail
            | Page::ForgotPassword
            | Page::ResetPassword
            | Page::ResetTwoFactor
            | Page::ConfirmEmail
            | Page::Invitation,
        ) => not_found::NotFoundPage(),
        // Below an account there is its navigation, which leads on.
        None => Page::account_at(path).map_or_else(not_found::NotFoundPage, |account| {
            account_frame(account, None, |_| not_found::NotFoundPage())
        }),
    }
}

fn account_page(account: AccountRef, page: AccountPage) -> AnyView {
    let content = match page {
        AccountPage::Overview => account_overview::account_overview_page,
        AccountPage::Users => account_users::account_users_page,
        AccountPage::General => account_general::account_general_page,
        AccountPage::Security => account_security::account_security_page,
        AccountPage::Activity => account_activity::account_activity_page,
    };
    account_frame(account, Some(page), content)
}

//! The pages, their addresses, and the program that draws each, in one table: links are made of it, the address bar is
//! read by it, and the server sends the document of a program by it.

use super::account::AccountRef;

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Leads on, to signing in or to an account.
    Start,
    /// Makes the first user; opened by the set-up link.
    Setup,
    /// Sign-in.
    SignIn,
    /// Sign-up.
    SignUp,
    /// Finishes a sign-up; opened by a mailed link.
    VerifyEmail,
    /// Asks for a link that sets a new password.
    ForgotPassword,
    /// Sets a new password; opened by a mailed link.
    ResetPassword,
    /// Takes up an offer to reset the second factor; opened by a mailed link.
    ResetTwoFactor,
    /// Confirms a new address; opened by a mailed link.
    ConfirmEmail,
    /// Answers an invitation; opened by a mailed link.
    Invitation,
    /// The user's name, address and end.
    Profile,
    /// The user's second factor, password, sessions and activity.
    Security,
    /// A page of an account.
    Account(AccountRef, AccountPage),
}

/// A program of the front end: one WebAssembly file, and the document that loads it
/// (docs/decisions/0048-ways-in-and-console.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Sign-in, set-up, sign-up, and what links in mails lead to.
    WaysIn,
    /// The user's own pages, and those of accounts.
    Console,
}

/// A page of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountPage {
    /// How the account and the reader stand.
    Overview,
    /// Who belongs to it, and who is invited.
    Users,
    /// Its name, and leaving it.
    General,
    /// What the account requires.
    Security,
    /// The audit log.
    Activity,
}

/// The pages that stand at one address each.
const FIXED: [(Page, &str); 12] = [
    (Page::Start, "/"),
    (Page::Setup, "/setup"),
    (Page::SignIn, "/sign-in"),
    (Page::SignUp, "/sign-up"),
    (Page::VerifyEmail, "/verify-email"),
    (Page::ForgotPassword, "/forgot-password"),
    (Page::ResetPassword, "/reset-password"),
    (Page::ResetTwoFactor, "/reset-two-factor"),
    (Page::ConfirmEmail, "/confirm-email"),
    (Page::Invitation, "/invitation"),
    (Page::Profile, "/users/settings/profile"),
    (Page::Security, "/users/settings/security"),
];

/// What all pages of accounts begin with.
const ACCOUNTS: &str = "/accounts/";

/// What the user's own pages begin with.
const OWN: &str = "/users/";

impl Program {
    /// The program whose document stands at a path. Addresses that are no page are with those that they begin like.
    pub fn of(path: &str) -> Self {
        match Page::of(path) {
            Some(page) => page.program(),
            None if path.starts_with(ACCOUNTS) || path.starts_with(OWN) => Self::Console,
            None => Self::WaysIn,
        }
    }

    /// Whether it draws the page at a path. The start, which only leads on, is drawn by both.
    pub fn draws(self, path: &str) -> bool {
        Page::of(path) == Some(Page::Start) || Self::of(path) == self
    }
}

impl Page {
    /// The address.
    pub fn path(self) -> String {
        if let Self::Account(account, page) = self {
            return ACCOUNTS.to_owned() + &account.to_string() + page.segment();
        }
        let fixed = FIXED.iter().find(|(page, _)| *page == self);
        // Every page that is not an account's is in the table; a test walks them.
        fixed.map_or("/", |(_, path)| path).to_owned()
    }

    /// The page at a path, which has neither query nor fragment. A slash at its end makes no other page.
    pub fn of(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        if let Some(rest) = path.strip_prefix(ACCOUNTS) {
            let end = rest.find('/').unwrap_or(rest.len());
            let (account, segment) = rest.split_at(end);
            let page = AccountPage::ALL
                .into_iter()
                .find(|it| it.segment() == segment)?;
            return Some(Self::Account(account.parse().ok()?, page));
        }
        let fixed = FIXED
            .iter()
            .find(|(_, known)| known.trim_end_matches('/') == path);
        fixed.map(|(page, _)| *page)
    }

    /// The program that draws it.
    pub const fn program(self) -> Program {
        match self {
            Self::Start
            | Self::Setup
            | Self::SignIn
            | Self::SignUp
            | Self::VerifyEmail
            | Self::ForgotPassword
            | Self::ResetPassword
            | Self::ResetTwoFactor
            | Self::ConfirmEmail
            | Self::Invitation => Program::WaysIn,
            Self::Profile | Self::Security | Self::Account(..) => Program::Console,
        }
    }

    /// The page that is meant where `here` is shown: beside a page of an account, one of any account is one of that account.
    /// The account used last may be another tab's.
    #[must_use]
    pub const fn seen_from(self, here: Option<Self>) -> Self {
        match (self, here) {
            (Self::Account(AccountRef::Any, page), Some(Self::Account(account, _))) => {
                Self::Account(account, page)
            }
            _ => self,
        }
    }

    /// The account below whose pages a path lies, whether there is such a page or not.
    pub fn account_at(path: &str) -> Option<AccountRef> {
        let rest = path.strip_prefix(ACCOUNTS)?;
        rest.split('/').next()?.parse().ok()
    }

    /// Whether a path is among those of accounts, whichever of them it names.
    pub fn is_of_accounts(path: &str) -> bool {
        path.starts_with(ACCOUNTS)
    }
}

impl AccountPage {
    /// All, in the order of the navigation.
    pub const ALL: [Self; 5] = [
        Self::Overview,
        Self::Users,
        Self::Security,
        Self::Activity,
        Self::General,
    ];

    /// What follows the account in the address.
    const fn segment(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Users => "/users",
            Self::General => "/general",
            Self::Security => "/security",
            Self::Activity => "/activity",
        }
    }

    /// This page of an account.
    pub fn of_account(self, account: impl Into<AccountRef>) -> Page {
        Page::Account(account.into(), self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "018f4e5a-0000-7000-8000-000000000001";

    /// Demands a line here, and with it one in the table, for each new page.
    const fn place(page: Page) -> usize {
        match page {
            Page::Start => 0,
            Page::Setup => 1,
            Page::SignIn => 2,
            Page::SignUp => 3,
            Page::VerifyEmail => 4,
            Page::ForgotPassword => 5,
            Page::ResetPassword => 6,
            Page::ResetTwoFactor => 7,
            Page::ConfirmEmail => 8,
            Page::Invitation => 9,
            Page::Profile => 10,
            Page::Security => 11,
            Page::Account(..) => FIXED.len(),
        }
    }

    #[test]
    fn an_address_below_an_account_is_of_it_whatever_page_it_names() {
        for (path, account) in [
            ("/accounts/any", Some(AccountRef::Any)),
            ("/accounts/any/", Some(AccountRef::Any)),
            ("/accounts/any/nowhere/at/all.txt", Some(AccountRef::Any)),
            ("/accounts//x.example", None),
            ("/accounts/nobody/users", None),
            ("/users/any", None),
        ] {
            assert_eq!(Page::account_at(path), account, "{path}");
        }
        let known = format!("/accounts/{ID}/nowhere");
        assert_eq!(Page::account_at(&known), Some(ID.parse().unwrap()));
    }

    #[test]
    fn every_page_is_read_back_from_its_address() {
        for (index, (page, path)) in FIXED.into_iter().enumerate() {
            assert_eq!(place(page), index);
            assert_eq!(page.path(), path);
            assert_eq!(Page::of(path), Some(page));
            assert_eq!(Page::of(&(path.to_owned() + "/")), Some(page));
        }
        for account in [AccountRef::Any, ID.parse().unwrap()] {
            for page in AccountPage::ALL {
                let page = page.of_account(account);
                assert_eq!(Page::of(&page.path()), Some(page));
                assert!(Page::is_of_accounts(&page.path()));
            }
        }
    }

    #[test]
    fn a_path_belongs_to_one_program_and_the_start_to_both() {
        let accounts = AccountPage::ALL.map(|page| page.of_account(AccountRef::Any));
        for page in FIXED.map(|(page, _)| page).into_iter().chain(accounts) {
            let path = page.path();
            assert_eq!(Program::of(&path), page.program(), "{path}");
            for program in [Program::WaysIn, Program::Console] {
                let draws = page == Page::Start || program == page.program();
                assert_eq!(program.draws(&path), draws, "{path}");
            }
        }
        for (path, program) in [
            ("/nowhere", Program::WaysIn),
            ("/accounts/7/nothing", Program::Console),
            ("/users/settings", Program::Console),
        ] {
            assert_eq!(Program::of(path), program, "{path}");
        }
    }

    #[test]
    fn a_page_of_any_account_is_of_the_account_that_is_shown() {
        let shown: AccountRef = ID.parse().unwrap();
        let here = AccountPage::Security.of_account(shown);
        let users = AccountPage::Users.of_account(AccountRef::Any);
        assert_eq!(
            users.seen_from(Some(here)),
            AccountPage::Users.of_account(shown)
        );
        for elsewhere in [None, Some(Page::Profile)] {
            assert_eq!(users.seen_from(elsewhere), users);
        }
        assert_eq!(Page::Profile.seen_from(Some(here)), Page::Profile);
    }

    #[test]
    fn other_addresses_are_no_page() {
        for path in [
            "/sign-ins",
            "/Sign-in",
            "/users",
            "/accounts",
            "/accounts/",
            "/accounts/7",
            "/accounts/any/teams",
            "/accounts/any/users/1",
            "sign-in",
        ] {
            assert_eq!(Page::of(path), None, "{path}");
        }
    }
}

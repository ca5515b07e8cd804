//! The list of users: what it was asked for, which stands in the address, and what it shows.

use leptos::prelude::*;

use crate::api::team::team_users;
use crate::browser;
use crate::components::choice::choice;
use crate::components::factors::kind_name;
use crate::components::paged::Paged;
use crate::components::roles::role_name;
use crate::components::task::Task;
use crate::error::ApiError;
use crate::text::t;
use crate::types::account::AccountRef;
use crate::types::role::Role;
use crate::types::team::UsersPage;
use crate::types::users_query::{TwoFactorFilter, UserSort, UsersQuery};
use crate::ui::{Button, Kind, live, unique_id};

/// So many rows of an address are shown again at most: each page of them is a question of its own.
const MOST_ROWS: usize = 500;

/// What the list shows, and what it was asked for.
#[derive(Clone, Copy)]
pub(super) struct UserList {
    pub(super) account: AccountRef,
    /// What stands in the fields.
    search: RwSignal<String>,
    two_factor: RwSignal<String>,
    role: RwSignal<String>,
    sort: RwSignal<String>,
    /// What is shown.
    pub(super) asked: RwSignal<UsersQuery>,
    /// How many rows are to be shown where there are so many.
    rows: StoredValue<usize>,
    users: Paged<UsersPage>,
}

impl UserList {
    /// As the address says.
    pub(super) fn of_address(account: AccountRef) -> Self {
        let stands = |name| RwSignal::new(browser::query(name).unwrap_or_default());
        let rows = browser::query("rows").and_then(|rows| rows.parse().ok());
        let list = Self {
            account,
            search: stands("search"),
            two_factor: stands("two_factor"),
            role: stands("role"),
            sort: stands("sort"),
            asked: RwSignal::new(UsersQuery::default()),
            rows: StoredValue::new(rows.map_or(0, |rows: usize| rows.min(MOST_ROWS))),
            users: Paged::new(),
        };
        list.asked.set(list.query());
        list
    }

    /// What the fields say. What is none of ours, as an address may have it, is not asked for.
    fn query(self) -> UsersQuery {
        UsersQuery {
            search: self.search.with_untracked(|it| it.trim().to_owned()),
            two_factor: self
                .two_factor
                .with_untracked(|it| TwoFactorFilter::of_word(it)),
            role: self.role.with_untracked(|it| Role::of_word(it)),
            sort: self
                .sort
                .with_untracked(|it| UserSort::of_word(it))
                .unwrap_or_default(),
            after: None,
        }
    }

    /// Takes what the fields say, from the first page on.
    fn take(self) {
        self.asked.set(self.query());
        self.rows.set_value(0);
        self.note();
    }

    /// Forgets whom it was narrowed to; the order stays.
    fn clear(self) {
        for field in [self.search, self.two_factor, self.role] {
            field.set(String::new());
        }
        self.take();
    }

    /// Whether some are left out.
    pub(super) fn is_narrowed(self) -> bool {
        let asked = self.asked.read();
        !asked.search.is_empty() || asked.two_factor.is_some() || asked.role.is_some()
    }

    /// Has the address say what is shown.
    fn note(self) {
        let (asked, rows) = (self.asked.get_untracked(), self.rows.get_value());
        let word = |it: &str| Some(it.to_owned());
        let query = browser::query_of(&[
            ("search", Some(asked.search).filter(|it| !it.is_empty())),
            (
                "two_factor",
                asked.two_factor.and_then(|it| word(it.word())),
            ),
            ("role", asked.role.and_then(|it| word(it.word()))),
            (
                "sort",
                word(asked.sort.word()).filter(|_| asked.sort != UserSort::default()),
            ),
            ("rows", (rows > 0).then(|| rows.to_string())),
        ]);
        browser::set_address(&(browser::path() + &query));
    }

    /// The roles that the reader may give to others.
    pub(super) fn may_give(self) -> Vec<Role> {
        let shown = self.shown().read();
        shown
            .as_ref()
            .map(|it| it.may_give.clone())
            .unwrap_or_default()
    }

    /// The address of the reader, for password managers.
    pub(super) fn email(self) -> String {
        let shown = self.shown().read();
        shown
            .as_ref()
            .map(|it| it.email.clone())
            .unwrap_or_default()
    }

    /// Whether a step-up of the reader needs a code besides the password.
    pub(super) fn is_code_due(self) -> bool {
        let shown = self.shown().read();
        shown.as_ref().is_some_and(|it| it.step_up_needs_code)
    }

    pub(super) fn shown(self) -> ReadSignal<Option<UsersPage>> {
        self.users.shown()
    }

    /// Reads the users from the first on, as many as are to be shown.
    pub(super) async fn read(self) -> Result<(), ApiError> {
        let mut is_newest = self.users.read(|| self.ask(None)).await?;
        while is_newest && self.lacks_rows() {
            is_newest = self.add_page().await?;
        }
        Ok(())
    }

    /// Reads those after the ones that are shown.
    pub(super) async fn read_more(self) -> Result<(), ApiError> {
        if self.add_page().await? {
            let shown = self.shown();
            let rows = shown.with_untracked(|page| page.as_ref().map(|page| page.users.len()));
            self.rows.set_value(rows.unwrap_or_default());
            self.note();
        }
        Ok(())
    }

    fn lacks_rows(self) -> bool {
        let wanted = self.rows.get_value();
        self.shown().with_untracked(|page| {
            page.as_ref()
                .is_some_and(|page| page.next.is_some() && page.users.len() < wanted)
        })
    }

    async fn add_page(self) -> Result<bool, ApiError> {
        let further = |page: &UsersPage| self.ask(page.next.clone());
        self.users.read_more(further).await
    }

    fn ask(self, after: Option<String>) -> impl Future<Output = Result<UsersPage, ApiError>> {
        let query = UsersQuery {
            after,
            ..self.asked.get_untracked()
        };
        team_users(self.account, query)
    }
}

/// Whom the list is narrowed to, and its order.
pub(super) fn list_search(list: UserList, load: Task) -> AnyView {
    let ask = Callback::new(move |()| {
        list.take();
        load.start();
    });
    let clear = Callback::new(move |()| {
        list.clear();
        load.start();
    });
    view! {
        <form
            class="search"
            role="search"
            on:submit=move |event| {
                event.prevent_default();
                ask.run(());
            }
        >
            {text(list)}
            <Button label=t().team_search_button() kind=Kind::Secondary pending=load.pending() />
            <div class="search__choices">{choices(list, ask)}</div>
            {live(move || {
                list.is_narrowed()
                    .then(|| view! { <Button label=t().team_clear() kind=Kind::Quiet on_click=clear /> })
            })}
        </form>
    }
    .into_any()
}

fn text(list: UserList) -> AnyView {
    let id = unique_id("search");
    view! {
        <div class="field search__field">
            <label class="field__label" for=id.clone()>{t().team_search()}</label>
            <input
                class="field__input"
                id=id
                type="search"
                name="search"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                prop:value=move || list.search.get()
                on:input=move |event| list.search.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

/// What is chosen among a few holds at once.
fn choices(list: UserList, ask: Callback<()>) -> AnyView {
    let state = |it: TwoFactorFilter| {
        let words = match it {
            TwoFactorFilter::Uncovered => t().team_only_without(),
            TwoFactorFilter::Off => t().team_only_off(),
            TwoFactorFilter::Has(kind) => kind_name(kind),
        };
        (it.word(), words)
    };
    let order = |it: UserSort| {
        let words = match it {
            UserSort::Name => t().team_sort_name(),
            UserSort::TwoFactor => t().team_sort_two_factor(),
            UserSort::LastActive => t().team_sort_last_active(),
        };
        // What needs not stand in the address is the first of them.
        let word = if it == UserSort::default() {
            ""
        } else {
            it.word()
        };
        (word, words)
    };
    // No page adds a passkey or security key yet, so nobody is asked to look for one.
    let is_offered = |it: &TwoFactorFilter| match it {
        TwoFactorFilter::Has(kind) => kind.code().is_some(),
        TwoFactorFilter::Uncovered | TwoFactorFilter::Off => true,
    };
    let states = [("", t().team_only_all())]
        .into_iter()
        .chain(TwoFactorFilter::all().filter(is_offered).map(state));
    let roles = [("", t().team_only_role_all())]
        .into_iter()
        .chain(Role::ALL.map(|role| (role.word(), role_name(role))));
    view! {
        {choice("two_factor", t().team_only(), list.two_factor, states, Some(ask))}
        {choice("role", t().team_only_role(), list.role, roles, Some(ask))}
        {choice("sort", t().team_sort(), list.sort, UserSort::ALL.map(order), Some(ask))}
    }
    .into_any()
}

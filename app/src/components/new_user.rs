//! The form that makes a user and the account they own: at the first start and at sign-up.

use leptos::prelude::*;

use super::form::Form;
use super::form_values::{Values, input_name};
use super::task::Task;
use crate::error::Field;
use crate::text::t;
use crate::types::setup::NewUser;
use crate::ui::{Button, PasswordField, TextField};

/// The fields, in the order of the page.
pub(crate) const FIELDS: &[Field] = &[
    Field::Name,
    Field::Email,
    Field::AccountName,
    Field::Password,
];

/// What was typed into them.
pub(crate) fn new_user(values: &Values) -> NewUser {
    NewUser {
        name: values.text(Field::Name),
        email: values.text(Field::Email),
        account_name: values.text(Field::AccountName),
        password: values.secret(Field::Password),
    }
}

/// The form, with the words of its button.
#[component]
pub(crate) fn NewUserForm(task: Task, label: &'static str, pending_label: &'static str) -> AnyView {
    let error = move |field| task.error_beside(field);
    view! {
        <Form task>
            <TextField
                label=t().common_name()
                name=input_name(Field::Name)
                autocomplete="name"
                error=error(Field::Name)
            />
            <TextField
                label=t().common_email()
                name=input_name(Field::Email)
                kind="email"
                autocomplete="username"
                error=error(Field::Email)
            />
            <TextField
                label=t().common_account_name()
                name=input_name(Field::AccountName)
                autocomplete="organization"
                hint=t().setup_account_hint()
                error=error(Field::AccountName)
            />
            <PasswordField
                label=t().common_password()
                name=input_name(Field::Password)
                autocomplete="new-password"
                hint=t().common_new_password_hint()
                error=task.error_beside_new_password()
            />
            <Button label pending=task.pending() pending_label />
        </Form>
    }
    .into_any()
}

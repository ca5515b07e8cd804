//! The values of a form, read when it is submitted.

use web_sys::{FormData, HtmlFormElement};

use crate::error::{ApiError, Field, FieldError, Problem};
use crate::types::secret_text::SecretText;

/// What was typed into a form when it was submitted.
#[derive(Default)]
pub(crate) struct Values(Vec<(Field, SecretText)>);

impl Values {
    /// Reads the fields that the form shows now.
    pub(super) fn read(form: &HtmlFormElement, fields: &[Field]) -> Self {
        let Ok(data) = FormData::new_with_form(form) else {
            return Self::default();
        };
        let value = |field| {
            data.get(input_name(field))
                .as_string()
                .map(|text| (field, SecretText::new(text)))
        };
        Self(fields.iter().copied().filter_map(value).collect())
    }

    /// A field as typed; nothing where the form does not show it now.
    pub(crate) fn get(&self, field: Field) -> Option<SecretText> {
        self.0
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, value)| value.clone())
    }

    /// A field that the form always shows.
    pub(crate) fn secret(&self, field: Field) -> SecretText {
        self.get(field).unwrap_or_default()
    }

    /// A field that is no secret.
    pub(crate) fn text(&self, field: Field) -> String {
        self.secret(field).expose().to_owned()
    }

    /// Fields left empty are said without asking the server.
    pub(super) fn check(&self) -> Result<(), ApiError> {
        let mut fields = Vec::new();
        for (field, value) in &self.0 {
            if value.expose().trim().is_empty() {
                fields.push(FieldError {
                    field: *field,
                    problem: Problem::Missing,
                });
            }
        }
        if fields.is_empty() {
            Ok(())
        } else {
            Err(ApiError::InvalidFields { fields })
        }
    }
}

/// The `name` of a field's input: what password managers and autofill go by.
pub(crate) const fn input_name(field: Field) -> &'static str {
    match field {
        Field::Name => "name",
        Field::Email => "email",
        Field::AccountName => "organization",
        Field::Password => "password",
        Field::NewPassword => "new-password",
        Field::Roles => "roles",
        Field::StartDate => "start-date",
        Field::Zone => "zone",
        Field::Code | Field::SmsCode => "otp",
        Field::Person => "person",
        Field::Country => "country",
        Field::PhoneNumber => "tel",
        Field::RecoveryCode => "recovery",
        Field::MailboxCode => "mailbox-code",
    }
}

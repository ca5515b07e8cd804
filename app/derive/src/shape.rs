//! What a type looks like on the wire: its serde attributes, read for the few forms that we use.

use syn::{Attribute, Error, Fields, Ident, LitStr, Result, Variant};

/// The container attributes of serde that say how an enum is written.
#[derive(Default)]
pub struct Written {
    /// The name of the member that holds the variant's word.
    pub tag: Option<String>,
    /// Whether words are the variants' names in snake case.
    is_snake_case: bool,
}

impl Written {
    /// Reads the attributes of a type.
    pub fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut written = Self::default();
        for attribute in attributes.iter().filter(|it| it.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                let text: LitStr = meta.value()?.parse()?;
                if meta.path.is_ident("tag") {
                    written.tag = Some(text.value());
                } else if meta.path.is_ident("rename_all") && text.value() == "snake_case" {
                    written.is_snake_case = true;
                } else {
                    return Err(meta.error("no form of ours: `Answer` has to be written by hand"));
                }
                Ok(())
            })?;
        }
        Ok(written)
    }

    /// The word of a variant.
    pub fn word(&self, variant: &Variant) -> Result<String> {
        if !self.is_snake_case {
            return Err(Error::new_spanned(
                &variant.ident,
                "the words of an enum are in snake case: #[serde(rename_all = \"snake_case\")]",
            ));
        }
        Ok(snake_case(&variant.ident.to_string()))
    }
}

/// The name as serde writes it in snake case: an underscore before each capital letter but the first.
fn snake_case(name: &str) -> String {
    let mut word = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.extend(letter.to_lowercase());
    }
    word
}

/// The names of fields, in their order.
pub fn names(fields: &Fields) -> Vec<&Ident> {
    fields
        .iter()
        .filter_map(|field| field.ident.as_ref())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn words_are_as_serde_writes_them() {
        for (name, word) in [
            ("Paused", "paused"),
            ("TooManyCodes", "too_many_codes"),
            ("SmsNotSent", "sms_not_sent"),
            ("Http2Off", "http2_off"),
        ] {
            assert_eq!(snake_case(name), word);
        }
    }
}

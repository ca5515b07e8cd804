//! Derives for the types that travel between browser and server.

mod answer;
mod refusal;
mod shape;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `wire::Answer`: how the browser reads the type from JSON, exactly as serde's `Serialize` writes it.
///
/// It takes structs with named fields, enums of words (`#[serde(rename_all = "snake_case")]`) and enums with
/// `#[serde(tag = "…", rename_all = "snake_case")]`, whose variants are units, have named fields or hold one type that
/// is an `Answer` itself. Each type also gets samples and a test that what is written is read as it was, so that
/// no type can be without one.
#[proc_macro_derive(Answer)]
pub fn answer(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    answer::derive(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Implements what each refusal says: `code()`, `status()`, `retry_after()`, and in the browser `said()`, `named_wait()` and `about()`.
///
/// Every variant has `#[refusal(409, says = …)]`: the HTTP status, and last the expression for the sentence, in which the
/// variant's fields are bound by reference. Between them may stand `retry_after = 60`, seconds for who has no field of
/// that name, and `about = Password`, the variant of `ConcernedFields` that says beside which field it is shown.
#[proc_macro_derive(Refusal, attributes(refusal))]
pub fn refusal(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    refusal::derive(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

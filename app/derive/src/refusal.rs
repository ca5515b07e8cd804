//! `Refusal`: one line for each way of saying no.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Data, DeriveInput, Error, Fields, Ident, LitInt, Result, Token, Variant};

use crate::shape::{Written, names};

/// What stands in `#[refusal(…)]`.
struct RefusalLine {
    status: LitInt,
    retry_after: Option<LitInt>,
    about: Option<Ident>,
    says: TokenStream,
}

impl Parse for RefusalLine {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let status = input.parse()?;
        let (mut retry_after, mut about) = (None, None);
        loop {
            input.parse::<Token![,]>()?;
            let key: Ident = input.parse()?;
            input.parse::<Token![=]>()?;
            match key.to_string().as_str() {
                "retry_after" => retry_after = Some(input.parse()?),
                "about" => about = Some(input.parse()?),
                "says" => {
                    let says = input.parse()?;
                    return Ok(Self {
                        status,
                        retry_after,
                        about,
                        says,
                    });
                }
                _ => return Err(Error::new_spanned(key, "retry_after, about or says")),
            }
        }
    }
}

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(input, "refusals are an enum"));
    };
    let name = &input.ident;
    let written = Written::of(&input.attrs)?;
    let (mut codes, mut statuses, mut waits, mut named_waits, mut sentences, mut concerned) =
        (vec![], vec![], vec![], vec![], vec![], vec![]);
    for variant in &data.variants {
        let line = line(variant)?;
        let ident = &variant.ident;
        let bound = bound(&variant.fields);
        let (code, status, says) = (written.word(variant)?, &line.status, &line.says);
        codes.push(quote!(Self::#ident { .. } => #code));
        statuses.push(quote!(Self::#ident { .. } => #status));
        waits.extend(wait(variant, &line));
        named_waits.extend(named_wait(variant));
        // A sentence need not say every value.
        sentences.push(quote!(#[allow(unused_variables)] Self::#ident #bound => (#says).into()));
        concerned.push(about(variant, &line));
    }
    Ok(quote! {
        impl #name {
            /// The stable code, as it stands on the wire.
            pub const fn code(&self) -> &'static str {
                match self {
                    #(#codes,)*
                }
            }

            /// The HTTP status that tells the same (RFC 9110 §15.5, RFC 6585 §4).
            pub const fn status(&self) -> u16 {
                match self {
                    #(#statuses,)*
                }
            }

            /// Seconds for the `Retry-After` header, where waiting helps.
            pub const fn retry_after(&self) -> Option<u32> {
                match self {
                    #(#waits,)*
                    _ => None,
                }
            }
        }

        #[cfg(all(feature = "csr", target_arch = "wasm32"))]
        impl #name {
            /// What happened and what to do next.
            pub(crate) fn said(&self) -> Linked {
                match self {
                    #(#sentences,)*
                }
            }

            /// The seconds to wait that its sentence names, where it names some.
            pub(crate) const fn named_wait(&mut self) -> Option<&mut u32> {
                match self {
                    #(#named_waits,)*
                    _ => None,
                }
            }

            /// Which fields it is about.
            pub(crate) const fn about(&self) -> ConcernedFields<'_> {
                match self {
                    #(#concerned,)*
                }
            }
        }
    })
}

fn line(variant: &Variant) -> Result<RefusalLine> {
    let mut lines = variant
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("refusal"));
    match (lines.next(), lines.next()) {
        (Some(line), None) => line.parse_args(),
        _ => Err(Error::new_spanned(
            variant,
            "one #[refusal(status, says = …)] for each variant",
        )),
    }
}

fn bound(fields: &Fields) -> TokenStream {
    let names = names(fields);
    quote!({ #(#names),* })
}

fn wait(variant: &Variant, line: &RefusalLine) -> Option<TokenStream> {
    let ident = &variant.ident;
    if let Some(seconds) = &line.retry_after {
        return Some(quote!(Self::#ident { .. } => Some(#seconds)));
    }
    names(&variant.fields)
        .iter()
        .any(|field| *field == "retry_after")
        .then(|| quote!(Self::#ident { retry_after, .. } => Some(*retry_after)))
}

fn named_wait(variant: &Variant) -> Option<TokenStream> {
    let ident = &variant.ident;
    names(&variant.fields)
        .iter()
        .any(|field| *field == "retry_after")
        .then(|| quote!(Self::#ident { retry_after, .. } => Some(retry_after)))
}

fn about(variant: &Variant, line: &RefusalLine) -> TokenStream {
    let ident = &variant.ident;
    match &line.about {
        None => quote!(Self::#ident { .. } => ConcernedFields::NoField),
        Some(about) if about == "Fields" => {
            quote!(Self::#ident { fields } => ConcernedFields::Fields(fields.as_slice()))
        }
        Some(about) => quote!(Self::#ident { .. } => ConcernedFields::#about),
    }
}

//! `Answer`: reading, the words of tagged enums, and in tests samples.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DataEnum, DeriveInput, Error, Fields, Result, Variant};

use crate::shape::{Written, names};

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "an answer is one type"));
    }
    let name = &input.ident;
    let written = Written::of(&input.attrs)?;
    let (read, samples) = match &input.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_)) => (
            construct(&quote!(Self), &data.fields),
            sample(&quote!(Self), &data.fields),
        ),
        Data::Enum(data) => {
            let variants = variants(data, &written)?;
            (
                read_enum(&variants, written.tag.as_deref())?,
                samples_of_enum(data),
            )
        }
        Data::Struct(_) | Data::Union(_) => {
            return Err(Error::new_spanned(
                name,
                "an answer is a struct with named fields or an enum",
            ));
        }
    };
    let test = format_ident!("_{name}_is_read_as_it_was_written");
    Ok(quote! {
        impl crate::wire::Answer for #name {
            fn read(value: &crate::wire::Value) -> Option<Self> {
                Some(#read)
            }
        }
        #[cfg(test)]
        impl crate::wire::Sample for #name {
            fn samples() -> Vec<Self> {
                #samples
            }
        }
        #[cfg(test)]
        #[test]
        #[expect(non_snake_case, reason = "it is named by its type")]
        fn #test() {
            crate::wire::assert_read_as_written::<#name>();
        }
    })
}

fn variants<'a>(data: &'a DataEnum, written: &Written) -> Result<Vec<(String, &'a Variant)>> {
    data.variants
        .iter()
        .map(|variant| Ok((written.word(variant)?, variant)))
        .collect()
}

/// An expression that makes the value of its fields; it ends the function where one cannot be read.
fn construct(path: &TokenStream, fields: &Fields) -> TokenStream {
    match fields {
        Fields::Unit => quote!(#path),
        Fields::Unnamed(_) => quote!(#path(crate::wire::Answer::read(value)?)),
        Fields::Named(_) => {
            let fields = names(fields).into_iter().map(|field| {
                let member = field.to_string();
                quote!(#field: value.field(#member)?)
            });
            quote!(#path { #(#fields),* })
        }
    }
}

fn read_enum(variants: &[(String, &Variant)], tag: Option<&str>) -> Result<TokenStream> {
    let arms = variants
        .iter()
        .map(|(word, variant)| {
            let is_word = matches!(variant.fields, Fields::Unit);
            let is_one = matches!(&variant.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1);
            let is_named = matches!(variant.fields, Fields::Named(_));
            if !(is_word || (tag.is_some() && (is_one || is_named))) {
                return Err(Error::new_spanned(
                    variant,
                    "without a tag a variant is a word; with one it may have named fields or hold one answer",
                ));
            }
            let ident = &variant.ident;
            let made = construct(&quote!(Self::#ident), &variant.fields);
            Ok(quote!(#word => #made))
        })
        .collect::<Result<Vec<_>>>()?;
    let word = tag.map_or_else(
        || quote!(<String as crate::wire::Answer>::read(value)?),
        |tag| quote!(value.word(#tag)),
    );
    Ok(quote! {
        match #word.as_str() {
            #(#arms,)*
            _ => return None,
        }
    })
}

fn samples_of_enum(data: &DataEnum) -> TokenStream {
    let samples = data.variants.iter().map(|variant| {
        let ident = &variant.ident;
        let samples = sample(&quote!(Self::#ident), &variant.fields);
        quote!(samples.extend(#samples);)
    });
    quote! {
        let mut samples = Vec::new();
        #(#samples)*
        samples
    }
}

/// As many values as the field with the most samples has; the others take turns, each from a place of its own, so that two
/// fields of one type differ.
fn sample(path: &TokenStream, fields: &Fields) -> TokenStream {
    match fields {
        Fields::Unit => quote!(vec![#path]),
        Fields::Unnamed(_) => {
            quote!(crate::wire::Sample::samples().into_iter().map(#path).collect::<Vec<_>>())
        }
        Fields::Named(_) => {
            let names = names(fields);
            let types = fields.iter().map(|field| &field.ty);
            let samples: Vec<_> = names
                .iter()
                .map(|name| format_ident!("samples_of_{name}"))
                .collect();
            let places = 0..names.len();
            quote! {{
                #(let #samples: Vec<#types> = crate::wire::Sample::samples();)*
                let most = [#(#samples.len()),*].into_iter().max().unwrap_or_default();
                (0..most)
                    .map(|n| #path { #(#names: #samples[(n + #places) % #samples.len()].clone()),* })
                    .collect::<Vec<_>>()
            }}
        }
    }
}

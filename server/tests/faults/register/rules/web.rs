//! What the web asks: other sites, addresses, texts and pages.

use crate::register::entry::Rule;
use crate::register::program::List::{Files, Functions};

pub(crate) const ORIGIN: Rule = Rule::walked(
    "other sites cannot act for a user",
    "What another site can send is refused at every door, by method, origin and type, with cookies or without, and whatever stands beside it.",
    &[Functions, Files],
    &[
        (
            Functions,
            "faults/headers: no_other_site_calls_any_function",
        ),
        (Files, "faults/headers: no_other_site_calls_any_function"),
        (
            Functions,
            "api/bad_input: a_request_from_elsewhere_is_refused_everywhere",
        ),
    ],
);

pub(crate) const HEADERS: Rule = Rule::inside(
    "every answer is protected",
    "Answers of every status forbid frames, foreign code and guessing at types, and are stored nowhere; a fault shows its reference alone; \
     a button that cannot be taken back waits for half a second.",
);

pub(crate) const PATHS: Rule = Rule::walked(
    "an address is taken as it is spelt",
    "Another spelling of an address is nothing, a query is not read, nothing of an address gets into a page, and the way on after signing \
     in stays on our origin.",
    &[Functions],
    &[(
        Functions,
        "faults/paths: another_spelling_of_an_address_is_not_there",
    )],
);

pub(crate) const TEXTS: Rule = Rule::walked(
    "a text is bounded and is text",
    "Every text of every call has a length, no control characters and no field beside it, and an ambiguous request is one request or none.",
    &[Functions],
    &[
        (
            Functions,
            "faults/texts: no_text_of_any_function_takes_a_control_character",
        ),
        (
            Functions,
            "faults/texts: no_text_of_any_function_is_longer_than_it_can_be",
        ),
        (Functions, "faults/texts: what_is_no_text_is_no_call"),
        (
            Functions,
            "faults/texts: no_function_takes_a_field_that_it_does_not_know",
        ),
    ],
);

pub(crate) const MARKUP: Rule = Rule::inside(
    "what people type stays text",
    "Names of people, accounts and products are text in pages, mails, QR codes and files, never markup, links or formulas.",
);

pub(crate) const SECRETS: Rule = Rule::walked(
    "a secret is shown once and kept of no use",
    "No answer, page, log, mail or row holds a password, key, code or token in clear or in a form that can be guessed at; a key is \
     shown while it is set up and never again, and leaves our address by no request.",
    &[Functions, Files],
    &[
        (
            Functions,
            "faults/secrets: no_answer_holds_a_secret_that_was_made_before",
        ),
        (
            Files,
            "faults/secrets: no_answer_holds_a_secret_that_was_made_before",
        ),
        (
            Functions,
            "faults/secrets: only_the_beginning_of_an_enrolment_shows_a_key",
        ),
    ],
);

pub(crate) const CLIENT: Rule = Rule::inside(
    "the client is the peer, or what a trusted proxy says",
    "Limits count the address of the peer, and of a trusted proxy the address that it added itself, with port, brackets or zone; \
     what a client sends and what is not understood choose no other.",
);

pub(crate) const FORMS: Rule = Rule::inside(
    "forms work for people and their tools",
    "Fields have the names, types and labels by which password managers, keyboards and screen readers know them; codes are one field and \
     are remembered nowhere; what cannot be shown again is said, copied, saved and printed.",
);

pub(crate) const PAGES: Rule = Rule::inside(
    "a page shows what the server says",
    "Pages ask the server for the state they draw, and say why they cannot run or what has changed since.",
);

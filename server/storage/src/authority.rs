//! The part of a URL that says where to and as whom (RFC 3986 §3.2), by one rule for all settings: what a parser takes may lead
//! nowhere, or elsewhere than it says. Nothing of what was given is in a problem: it may hold a password.

use std::net::{Ipv4Addr, Ipv6Addr};

use unicode_normalization::UnicodeNormalization as _;

/// Longest name of a host and of a label in it, in letters (RFC 1035 §2.3.4).
const LONGEST_HOST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Why no connection can be made to such a place, or to another than it seems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityProblem {
    /// The name of the host has a part that no name has.
    #[error(
        "the host is no name of one: its parts have letters, digits and - between dots, 63 at most, and do not begin or end \
         with -"
    )]
    Host,
    /// An address that parsers read in more than one way.
    #[error(
        "the host is a short or unusual form of an address; write its four numbers, as 192.0.2.7"
    )]
    ShortAddress,
    /// What stands in brackets.
    #[error("what stands in [ ] is no address of IPv6")]
    Ipv6,
    /// The port.
    #[error("the port is a number from 1 to 65535")]
    Port,
    /// A percent sign, or what it stands for, in the user or the password.
    #[error("a % in the user or password that begins no code of a character is written as %25")]
    Percent,
    /// Characters that no user or password is sent with.
    #[error(
        "the user or password has a blank, the end of a line or a control character in it, which are written as codes"
    )]
    Blank,
    /// A host is needed, and there is none.
    #[error("the host is missing")]
    NoHost,
}

/// The user, password, host and port of a URL, as they stand in it; none where it has no `//`.
pub fn authority_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?', '#', '\\']).next()
}

/// Whether user, password, host and port, as they stand in a URL, lead to the place that they name.
///
/// # Errors
/// Says what is wrong with them.
pub fn check_authority(authority: &str) -> Result<(), AuthorityProblem> {
    let (who, place) = match authority.rsplit_once('@') {
        Some((who, place)) => (who, place),
        None => ("", authority),
    };
    check_who(who)?;
    let (host, port) = split_port(place)?;
    check_port(port)?;
    match host.strip_prefix('[') {
        Some(rest) => {
            let address = rest.strip_suffix(']').ok_or(AuthorityProblem::Ipv6)?;
            let parsed = address.parse::<Ipv6Addr>();
            parsed.map(|_| ()).map_err(|_| AuthorityProblem::Ipv6)
        }
        None => check_host(host),
    }
}

/// Whether a name or an address that stands by itself is one of a host.
///
/// # Errors
/// Says what is wrong with it.
pub fn check_host(host: &str) -> Result<(), AuthorityProblem> {
    if host.is_empty() {
        return Err(AuthorityProblem::NoHost);
    }
    if host.parse::<Ipv4Addr>().is_ok() || host.parse::<Ipv6Addr>().is_ok() {
        return Ok(());
    }
    // As names in other scripts are read (UTS 46 §4): full forms are their plain ones, and four characters are dots.
    let name: String = host.nfkc().collect();
    let name = name.replace('\u{3002}', ".");
    let name = name.strip_suffix('.').unwrap_or(&name);
    let labels: Vec<_> = name.split('.').collect();
    if name.chars().count() > LONGEST_HOST || !labels.iter().all(|label| is_label(label)) {
        return Err(AuthorityProblem::Host);
    }
    // What ends in a number is read as an address (WHATWG URL §3.5).
    if labels.last().is_some_and(|last| is_number(last)) {
        return Err(AuthorityProblem::ShortAddress);
    }
    Ok(())
}

/// The host and the port behind its last colon, which is none of an address in brackets.
fn split_port(place: &str) -> Result<(&str, Option<&str>), AuthorityProblem> {
    if place.starts_with('[') {
        let end = place.find(']').ok_or(AuthorityProblem::Ipv6)?;
        let (host, rest) = place.split_at(end + 1);
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err(AuthorityProblem::Ipv6),
        };
    }
    Ok(match place.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (place, None),
    })
}

/// Nothing behind the colon is the usual port (RFC 3986 §3.2.3).
fn check_port(port: Option<&str>) -> Result<(), AuthorityProblem> {
    match port {
        None | Some("") => Ok(()),
        Some(port) if port.chars().all(|c| c.is_ascii_digit()) => match port.parse::<u16>() {
            Ok(0) | Err(_) => Err(AuthorityProblem::Port),
            Ok(_) => Ok(()),
        },
        Some(_) => Err(AuthorityProblem::Port),
    }
}

fn check_who(who: &str) -> Result<(), AuthorityProblem> {
    if who.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(AuthorityProblem::Blank);
    }
    let mut decoded = Vec::with_capacity(who.len());
    let mut rest = who.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte != b'%' {
            decoded.push(byte);
            rest = after;
            continue;
        }
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let digits = digits.filter(|two| two.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let code = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        decoded.push(code.ok_or(AuthorityProblem::Percent)?);
        rest = &after[2..];
    }
    match String::from_utf8(decoded) {
        Ok(text) if !text.contains('\0') => Ok(()),
        Ok(_) | Err(_) => Err(AuthorityProblem::Percent),
    }
}

/// Letters of any script among them, which become Punycode; `_`, which stands in names of containers.
fn is_label(label: &str) -> bool {
    let is_inside = |c: char| {
        if c.is_ascii() {
            c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
        } else {
            !c.is_whitespace() && !c.is_control()
        }
    };
    let count = label.chars().count();
    (1..=LONGEST_LABEL).contains(&count)
        && label.chars().all(is_inside)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn is_number(label: &str) -> bool {
    let hex = label.strip_prefix("0x").or(label.strip_prefix("0X"));
    match hex {
        Some(digits) => digits.chars().all(|c| c.is_ascii_hexdigit()),
        None => label.chars().all(|c| c.is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use super::AuthorityProblem::{Blank, Host, Ipv6, NoHost, Percent, Port, ShortAddress};
    use super::*;

    #[test]
    fn what_leads_to_the_place_that_it_names_is_told_from_what_does_not() {
        let long = "a".repeat(64);
        let longest = [
            "a".repeat(63),
            "b".repeat(63),
            "c".repeat(63),
            "d".repeat(61),
        ]
        .join(".");
        for (authority, found) in [
            ("h", Ok(())),
            ("h:25", Ok(())),
            ("h:", Ok(())),
            ("h:65535", Ok(())),
            ("h:0", Err(Port)),
            ("h:00", Err(Port)),
            ("h:65536", Err(Port)),
            ("h:+25", Err(Port)),
            ("h:smtp", Err(Port)),
            ("h:1:2", Err(Port)),
            ("mail.example.org.", Ok(())),
            ("localhost", Ok(())),
            ("db_1", Ok(())),
            ("münchen.example", Ok(())),
            ("xn--mnchen-3ya.example", Ok(())),
            ("1.example", Ok(())),
            ("", Err(NoHost)),
            (":25", Err(NoHost)),
            ("u:p@", Err(NoHost)),
            (".", Err(Host)),
            ("a..b", Err(Host)),
            (".a", Err(Host)),
            ("a..", Err(Host)),
            ("-a.b", Err(Host)),
            ("a-.b", Err(Host)),
            ("a b", Err(Host)),
            ("a%20b", Err(Host)),
            ("a,b", Err(Host)),
            ("a*b", Err(Host)),
            (&long, Err(Host)),
            (&longest, Ok(())),
            ("192.0.2.7", Ok(())),
            ("127.1", Err(ShortAddress)),
            ("0x7f.1", Err(ShortAddress)),
            ("a.0x7F", Err(ShortAddress)),
            ("2130706433", Err(ShortAddress)),
            ("0177.0.0.1", Err(ShortAddress)),
            ("192.0.2.256", Err(ShortAddress)),
            ("1.2.3.4.", Err(ShortAddress)),
            ("１２７.１", Err(ShortAddress)),
            ("127。1", Err(ShortAddress)),
            ("[::1]", Ok(())),
            ("[2001:db8::1]:25", Ok(())),
            ("[::1]:0", Err(Port)),
            ("[::1", Err(Ipv6)),
            ("[::1]x", Err(Ipv6)),
            ("[h]", Err(Ipv6)),
            ("[fe80::1%25eth0]", Err(Ipv6)),
            ("u:p@h", Ok(())),
            ("u:p%25@h", Ok(())),
            ("u:a@b@h", Ok(())),
            ("u:p:q@h", Ok(())),
            ("u%40x:p@h:25", Ok(())),
            ("u:p%@h", Err(Percent)),
            ("u:p%2@h", Err(Percent)),
            ("u:p%zz@h", Err(Percent)),
            ("u:p%+1@h", Err(Percent)),
            ("u:p%ff@h", Err(Percent)),
            ("u:p%00@h", Err(Percent)),
            ("u:p%€@h", Err(Percent)),
            ("u:p q@h", Err(Blank)),
            ("u:p\n@h", Err(Blank)),
        ] {
            assert_eq!(check_authority(authority), found, "{authority:?}");
        }
        assert_eq!(check_host(&format!("{longest}.x")), Err(Host));
        assert_eq!(
            check_host("2001:db8::1"),
            Ok(()),
            "by itself it has no brackets"
        );
    }

    #[test]
    fn it_stands_between_two_slashes_and_what_follows() {
        for (url, authority) in [
            ("smtps://u:p@h:25/x?y#z", Some("u:p@h:25")),
            ("postgres:///x", Some("")),
            ("https://h?x", Some("h")),
            ("https://h\\x", Some("h")),
            ("https:h", None),
            ("", None),
        ] {
            assert_eq!(authority_of(url), authority, "{url}");
        }
    }
}

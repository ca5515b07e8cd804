//! For which addresses keys are made: the RP ID (WebAuthn 3 §4 and §13.5.9), from the address of this server.

use thiserror::Error;

/// This server, as browsers and keys know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// Scheme, host and port, as browsers spell it.
    pub origin: String,
    /// The RP ID.
    pub rp_id: String,
    /// How the one lies to the other.
    pub relation: RpIdRelation,
}

/// How an RP ID lies to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RpIdRelation {
    /// It is the host.
    Host,
    /// It is a domain above the host: every site below it can ask for these keys.
    Parent,
    /// It is another domain, which has to name this address in its `/.well-known/webauthn` (§5.11): the way out after a change
    /// of domain.
    Related,
}

/// Why keys are not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotOffered {
    /// Browsers make no keys for them.
    #[error("an IP address is no name, and keys are made for names")]
    IpAddress,
    /// Browsers make keys where nobody can change the page on the way.
    #[error("keys need https, except at localhost")]
    NotSecure,
    /// Not the address of a site.
    #[error("the address has no name of a host in it")]
    NoHost,
    /// The RP ID is no domain, or one that stands for all of its kind.
    #[error("the RP ID is not a domain with a dot in it")]
    RpIdNoDomain,
    /// `localhost` is nobody's.
    #[error("the RP ID of localhost is localhost, and of nothing else")]
    RpIdOfLocalhost,
}

const LOCALHOST: &str = "localhost";

impl RelyingParty {
    /// For the address of this server, spelled as browsers spell an origin, and the RP ID that the operator has set, if any.
    ///
    /// Which domains stand for many owners (`co.uk`) is a list that browsers have and this rule does not: they refuse such a
    /// parent. Here it has to have a dot in it.
    pub fn new(public_url: &str, rp_id: Option<&str>) -> Result<Self, NotOffered> {
        let (scheme, authority) = public_url.split_once("://").ok_or(NotOffered::NoHost)?;
        if authority.starts_with('[') {
            return Err(NotOffered::IpAddress);
        }
        let host = authority
            .split_once(':')
            .map_or(authority, |(host, _)| host);
        if is_number(host) {
            return Err(NotOffered::IpAddress);
        }
        if !is_domain(host) {
            return Err(NotOffered::NoHost);
        }
        if scheme != "https" && !(scheme == "http" && host == LOCALHOST) {
            return Err(NotOffered::NotSecure);
        }
        let rp_id = rp_id.unwrap_or(host);
        Ok(Self {
            origin: public_url.to_owned(),
            rp_id: rp_id.to_owned(),
            relation: relation(host, rp_id)?,
        })
    }
}

fn relation(host: &str, rp_id: &str) -> Result<RpIdRelation, NotOffered> {
    if host == rp_id {
        return Ok(RpIdRelation::Host);
    }
    if host == LOCALHOST || rp_id == LOCALHOST {
        return Err(NotOffered::RpIdOfLocalhost);
    }
    if !is_domain(rp_id) || is_number(rp_id) || !rp_id.contains('.') {
        return Err(NotOffered::RpIdNoDomain);
    }
    // At a dot: `evil-example.org` is not below `example.org`.
    let is_parent = host
        .strip_suffix(rp_id)
        .is_some_and(|before| before.ends_with('.'));
    Ok(if is_parent {
        RpIdRelation::Parent
    } else {
        RpIdRelation::Related
    })
}

/// Whether it is a domain as browsers spell one: labels of lower case, digits and hyphens, none empty (RFC 1034 §3.5, and
/// underscores, which are in use).
fn is_domain(host: &str) -> bool {
    let is_label = |label: &str| {
        let is_plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')
        };
        (1..=63).contains(&label.len()) && label.bytes().all(is_plain)
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

/// Whether it ends in a number, so that it is read as an address (WHATWG URL §3.5, "ends in a number").
fn is_number(host: &str) -> bool {
    let last = host
        .strip_suffix('.')
        .unwrap_or(host)
        .rsplit('.')
        .next()
        .unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    let is_decimal = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    is_decimal
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_for_names_over_https_and_for_localhost() {
        for (url, expected) in [
            ("https://example.org", Ok("example.org")),
            ("https://sec.example.org:8443", Ok("sec.example.org")),
            ("https://console", Ok("console")),
            (
                "https://xn--mnchen-3ya.example",
                Ok("xn--mnchen-3ya.example"),
            ),
            ("https://localhost", Ok("localhost")),
            ("http://localhost:3000", Ok("localhost")),
            ("http://localhost", Ok("localhost")),
            ("http://example.org", Err(NotOffered::NotSecure)),
            ("http://app.localhost:3000", Err(NotOffered::NotSecure)),
            ("http://localhost.example.org", Err(NotOffered::NotSecure)),
            ("ftp://localhost", Err(NotOffered::NotSecure)),
            ("https://192.168.1.5", Err(NotOffered::IpAddress)),
            ("https://192.168.1.5:8443", Err(NotOffered::IpAddress)),
            ("http://127.0.0.1:3000", Err(NotOffered::IpAddress)),
            ("https://[2001:db8::1]", Err(NotOffered::IpAddress)),
            ("http://[::1]:3000", Err(NotOffered::IpAddress)),
            ("https://0x7f.1", Err(NotOffered::IpAddress)),
            ("https://1.0x7f", Err(NotOffered::IpAddress)),
            ("https://example.123", Err(NotOffered::IpAddress)),
            ("https://example.org.", Err(NotOffered::NoHost)),
            ("https://Example.org", Err(NotOffered::NoHost)),
            ("https://", Err(NotOffered::NoHost)),
            ("https://example..org", Err(NotOffered::NoHost)),
            ("example.org", Err(NotOffered::NoHost)),
            ("null", Err(NotOffered::NoHost)),
        ] {
            let found = RelyingParty::new(url, None);
            match found {
                Ok(party) => {
                    assert_eq!(Ok(party.rp_id.as_str()), expected, "{url}");
                    assert_eq!(
                        (party.origin.as_str(), party.relation),
                        (url, RpIdRelation::Host)
                    );
                }
                Err(why) => assert_eq!(Err(why), expected, "{url}"),
            }
        }
    }

    #[test]
    fn an_rp_id_is_the_host_or_above_it_at_the_dots_or_another_domain() {
        let url = "https://sec.example.org:8443";
        for (rp_id, expected) in [
            ("sec.example.org", Ok(RpIdRelation::Host)),
            ("example.org", Ok(RpIdRelation::Parent)),
            ("ample.org", Ok(RpIdRelation::Related)),
            ("c.example.org", Ok(RpIdRelation::Related)),
            ("old.example.com", Ok(RpIdRelation::Related)),
            ("a.sec.example.org", Ok(RpIdRelation::Related)),
            ("org", Err(NotOffered::RpIdNoDomain)),
            ("", Err(NotOffered::RpIdNoDomain)),
            (".example.org", Err(NotOffered::RpIdNoDomain)),
            ("example.org.", Err(NotOffered::RpIdNoDomain)),
            ("Example.org", Err(NotOffered::RpIdNoDomain)),
            ("example.org:8443", Err(NotOffered::RpIdNoDomain)),
            ("https://example.org", Err(NotOffered::RpIdNoDomain)),
            ("192.168.1.5", Err(NotOffered::RpIdNoDomain)),
            ("localhost", Err(NotOffered::RpIdOfLocalhost)),
        ] {
            let found = RelyingParty::new(url, Some(rp_id)).map(|party| party.relation);
            assert_eq!(found, expected, "{rp_id:?}");
        }
        let of_localhost = RelyingParty::new("http://localhost:3000", Some("example.org"));
        assert_eq!(of_localhost, Err(NotOffered::RpIdOfLocalhost));
        // A parent of an address for which keys are not offered changes nothing.
        let plain = RelyingParty::new("http://sec.example.org", Some("example.org"));
        assert_eq!(plain, Err(NotOffered::NotSecure));
    }
}

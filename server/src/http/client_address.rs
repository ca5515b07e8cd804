//! The client's address: the peer's, or what trusted proxies say of it.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use settings::Network;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// What the headers say of a client's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forwarded<'a> {
    /// The address that limits and logs go by.
    pub address: IpAddr,
    /// What a trusted proxy said where an address was expected; then `address` is that proxy's own.
    pub misunderstood: Option<&'a [u8]>,
}

/// The address that limits and logs go by: from the right of `X-Forwarded-For`, the first that is not
/// a trusted proxy, when the peer is one; else the peer itself. What is left of it is the client's own word.
pub fn client_address<'a>(
    peer: SocketAddr,
    headers: &'a HeaderMap,
    trusted: &[Network],
) -> Forwarded<'a> {
    let mut forwarded = Forwarded {
        address: peer.ip().to_canonical(),
        misunderstood: None,
    };
    let hops = headers.get_all(FORWARDED_FOR).iter().rev();
    let hops = hops.flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
    // Empty elements of a list count for nothing (RFC 9110 §5.6.1).
    for hop in hops.map(<[u8]>::trim_ascii).filter(|hop| !hop.is_empty()) {
        if !trusted
            .iter()
            .any(|network| network.contains(forwarded.address))
        {
            break;
        }
        if let Some(next) = address_in(hop) {
            forwarded.address = next;
        } else {
            forwarded.misunderstood = Some(hop);
            break;
        }
    }
    forwarded
}

/// The address of one element: of IPv4 or IPv6, as proxies write it: with a port or without, in brackets or not, with a zone
/// (RFC 4007 §11) that means nothing here. Without brackets every colon belongs to an address of IPv6.
fn address_in(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?;
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (inside, after) = rest.split_once(']')?;
        let port = if after.is_empty() {
            None
        } else {
            Some(after.strip_prefix(':')?)
        };
        (inside, port)
    } else {
        match text.split_once(':') {
            Some((host, port)) if !port.contains(':') => (host, Some(port)),
            Some(_) | None => (text, None),
        }
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return None;
    }
    let address = match host.split_once('%') {
        Some((address, zone)) if !zone.is_empty() => IpAddr::V6(address.parse().ok()?),
        Some(_) => return None,
        None => host.parse().ok()?,
    };
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let trusted: Vec<_> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        let found = client_address(peer.parse().unwrap(), &headers, &trusted);
        let doubt = found.misunderstood.map(String::from_utf8_lossy);
        let doubt = doubt.map_or_else(String::new, |doubt| format!(" but {doubt}"));
        format!("{}{doubt}", found.address)
    }

    #[test]
    fn an_address_is_read_as_proxies_write_it() {
        for (written, read) in [
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.7:51234", "203.0.113.7"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:51234", "2001:db8::7"),
            ("2001:db8::7%eth0", "2001:db8::7"),
            ("[fe80::7%25eth0]:443", "fe80::7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("[::ffff:203.0.113.7]:80", "203.0.113.7"),
            ("203.0.113.7, 10.0.0.5:443", "203.0.113.7"),
            ("203.0.113.7:1 ,, 10.0.0.5:443 , ", "203.0.113.7"),
            ("", "10.0.0.1"),
            (" , ", "10.0.0.1"),
        ] {
            assert_eq!(address("10.0.0.1:1", &[written], &["10.0.0.0/8"]), read);
        }
    }

    /// The proxy's own address stands, and what it said is for the log; what a client wrote is never looked at.
    #[test]
    fn what_is_no_address_is_given_back_to_be_told() {
        for written in [
            "unknown",
            "_hidden",
            "203.0.113.7:x",
            "203.0.113.7:99999",
            "[2001:db8::7",
            "[2001:db8::7]51234",
            "203.0.113.7%eth0",
            "2001:db8::7%",
            "203.0.113",
            "1.2.3.4 5.6.7.8",
        ] {
            let given = format!("6.6.6.6, {written}");
            let expected = format!("10.0.0.1 but {written}");
            assert_eq!(address("10.0.0.1:1", &[&given], &["10.0.0.0/8"]), expected);
            assert_eq!(address("9.9.9.9:1", &[&given], &["10.0.0.0/8"]), "9.9.9.9");
        }
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED_FOR, "6.6.6.6".parse().unwrap());
        let bytes = axum::http::HeaderValue::from_bytes(b"\xe9").unwrap();
        headers.append(FORWARDED_FOR, bytes);
        let trusted = ["10.0.0.0/8".parse::<Network>().unwrap()];
        let found = client_address("10.0.0.1:1".parse().unwrap(), &headers, &trusted);
        assert_eq!(found.address.to_string(), "10.0.0.1");
        assert_eq!(found.misunderstood, Some(&b"\xe9"[..]));
    }

    #[test]
    fn a_network_of_ipv4_can_be_written_in_ipv6() {
        let proxy = ["::ffff:10.0.0.0/104"];
        assert_eq!(address("10.1.2.3:1", &["1.2.3.4"], &proxy), "1.2.3.4");
        assert_eq!(
            address("[::ffff:11.1.2.3]:1", &["1.2.3.4"], &proxy),
            "11.1.2.3"
        );
    }

    #[test]
    fn only_a_trusted_peer_is_believed_and_only_its_own_word() {
        let proxy = ["10.0.0.0/8"];
        assert_eq!(address("9.9.9.9:1", &["1.2.3.4"], &proxy), "9.9.9.9");
        assert_eq!(address("9.9.9.9:1", &["1.2.3.4"], &[]), "9.9.9.9");
        assert_eq!(address("10.0.0.1:1", &["1.2.3.4"], &proxy), "1.2.3.4");
        assert_eq!(
            address("10.0.0.1:1", &["6.6.6.6, 1.2.3.4"], &proxy),
            "1.2.3.4"
        );
        assert_eq!(
            address("10.0.0.1:1", &["6.6.6.6, 1.2.3.4, 10.0.0.2"], &proxy),
            "1.2.3.4"
        );
        assert_eq!(
            address("10.0.0.1:1", &["6.6.6.6", "1.2.3.4"], &proxy),
            "1.2.3.4"
        );
        assert_eq!(
            address("10.0.0.1:1", &["1.2.3.4, nonsense"], &proxy),
            "10.0.0.1 but nonsense"
        );
        assert_eq!(address("10.0.0.1:1", &[], &proxy), "10.0.0.1");
        assert_eq!(
            address("[::ffff:10.0.0.1]:1", &["1.2.3.4"], &proxy),
            "1.2.3.4"
        );
        assert_eq!(
            address("127.0.0.1:1", &["1.2.3.4"], &["127.0.0.1"]),
            "1.2.3.4"
        );
    }
}

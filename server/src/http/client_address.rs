//! The client's address: the peer's, or what trusted proxies say of it.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const FORWARDED_FOR: &str = "x-forwarded-for";

/// An address or a network, as `10.0.0.7` or `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map(Self)
            .map_err(|_| {
                serde::de::Error::custom(format!(
                    "trusted_proxies: `{text}` is no address or network"
                ))
            })
    }
}

/// The address that limits and logs go by: from the right of `X-Forwarded-For`, the first that is not
/// a trusted proxy, when the peer is one; else the peer itself. What is left of it is the client's own word.
pub fn client_address(peer: SocketAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let mut address = peer.ip().to_canonical();
    let hops = headers.get_all(FORWARDED_FOR).iter().rev();
    let hops = hops.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    for hop in hops {
        if !trusted.iter().any(|network| network.0.contains(&address)) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(next) => address = next.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let trusted: Vec<_> = trusted
            .iter()
            .map(|text| {
                Network(
                    text.parse()
                        .unwrap_or_else(|_| IpNet::from(text.parse::<IpAddr>().unwrap())),
                )
            })
            .collect();
        client_address(peer.parse().unwrap(), &headers, &trusted).to_string()
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
            "10.0.0.1"
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

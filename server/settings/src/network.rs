//! The networks that `trusted_proxies` names.

use std::net::{AddrParseError, IpAddr};
use std::str::FromStr;

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
        text.parse().map_err(|_| {
            serde::de::Error::custom(format!(
                "trusted_proxies: `{text}` is no address or network"
            ))
        })
    }
}

impl FromStr for Network {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let network = text.parse::<IpNet>();
        let network = network.or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(|network| Self(canonical(network)))
    }
}

impl Network {
    /// Whether an address is in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }

    /// Whether every address of its kind is in it.
    pub fn is_everybody(&self) -> bool {
        self.0.prefix_len() == 0
    }
}

/// A network of IPv4 written in IPv6 (`::ffff:10.0.0.0/104`, RFC 4291 §2.5.5.2) is that of IPv4: addresses are looked at so.
fn canonical(network: IpNet) -> IpNet {
    const MAPPED: u8 = 96;
    let IpNet::V6(inner) = network else {
        return network;
    };
    let length = inner.prefix_len().checked_sub(MAPPED);
    let mapped = inner.addr().to_ipv4_mapped().zip(length);
    mapped
        .and_then(|(address, length)| IpNet::new(address.into(), length).ok())
        .unwrap_or(network)
}

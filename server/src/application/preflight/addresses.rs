//! Addresses that cannot both be listened at. Whether a port is taken is a matter of the moment, and no fault of the settings.

use std::net::SocketAddr;

use super::Obstacle;
use crate::config::Settings;

pub(super) fn check(settings: &Settings) -> Vec<Obstacle> {
    let (main, metrics) = (settings.listen, settings.metrics.listen);
    let clash = metrics.filter(|metrics| overlap(main, *metrics));
    let clash = clash.map(|metrics| {
        Obstacle::of(
            "metrics.listen",
            format!("{metrics} is taken by `listen` ({main}); give it another port"),
        )
    });
    clash.into_iter().collect()
}

/// Whether only one of two listeners gets its place. One at `[::]` also has the addresses of IPv4 (`ipv6(7)`).
fn overlap(one: SocketAddr, other: SocketAddr) -> bool {
    let covers = |wide: SocketAddr, narrow: SocketAddr| {
        wide.ip().is_unspecified() && (wide.is_ipv6() || narrow.is_ipv4())
    };
    let is_same_port = one.port() == other.port() && one.port() != 0;
    is_same_port && (one.ip() == other.ip() || covers(one, other) || covers(other, one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_port_is_shared_only_by_addresses_that_do_not_overlap() {
        for (one, other, expected) in [
            ("127.0.0.1:3000", "127.0.0.1:3000", true),
            ("127.0.0.1:3000", "127.0.0.1:3001", false),
            ("127.0.0.1:3000", "127.0.0.2:3000", false),
            ("127.0.0.1:3000", "0.0.0.0:3000", true),
            ("[::]:3000", "127.0.0.1:3000", true),
            ("[::]:3000", "0.0.0.0:3000", true),
            ("[::1]:3000", "0.0.0.0:3000", false),
            ("[::1]:3000", "127.0.0.1:3000", false),
            ("127.0.0.1:0", "127.0.0.1:0", false),
        ] {
            let addresses: (SocketAddr, SocketAddr) =
                (one.parse().unwrap(), other.parse().unwrap());
            assert_eq!(overlap(addresses.0, addresses.1), expected, "{one} {other}");
            assert_eq!(overlap(addresses.1, addresses.0), expected, "{other} {one}");
        }
    }
}

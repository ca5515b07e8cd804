//! Addresses that cannot both be listened at. Whether a port is taken is a matter of the moment, and no fault of the settings.

use std::fs;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use rustix::io::Errno;

use super::Obstacle;
use settings::Settings;

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

/// Ports that the user may not take. Sockets that somebody else has opened need no right to it.
pub(super) fn check_ports(settings: &Settings) -> Vec<Obstacle> {
    if std::env::var_os("LISTEN_FDS").is_some() {
        return Vec::new();
    }
    let least = least_port(
        &text("/proc/sys/net/ipv4/ip_unprivileged_port_start"),
        &text("/proc/self/status"),
    );
    let asked = [
        ("listen", Some(settings.listen)),
        ("metrics.listen", settings.metrics.listen),
    ];
    asked
        .into_iter()
        .filter_map(|(setting, address)| {
            let address = address.filter(|address| (1..least).contains(&address.port()))?;
            let reason = format!(
                "{address}: ports below {least} are for root and for who has CAP_NET_BIND_SERVICE; take another port, behind \
                 the proxy, or let systemd open the socket"
            );
            Some(Obstacle::of(setting, reason))
        })
        .collect()
}

/// Addresses that this machine does not have. A port that the system chooses is taken for a moment: which one is free does not
/// matter here.
pub(super) fn check_own(settings: &Settings) -> Vec<Obstacle> {
    if std::env::var_os("LISTEN_FDS").is_some() {
        return Vec::new();
    }
    let asked = [
        ("listen", Some(settings.listen)),
        ("metrics.listen", settings.metrics.listen),
    ];
    let refuse = |(setting, address): (&str, Option<SocketAddr>)| {
        let mut any_port = address?;
        any_port.set_port(0);
        let error = TcpListener::bind(any_port).err()?;
        let is_there = !matches!(
            error.kind(),
            ErrorKind::AddrNotAvailable | ErrorKind::Unsupported
        ) && error.raw_os_error() != Some(Errno::AFNOSUPPORT.raw_os_error());
        let ip = any_port.ip();
        let reason = format!(
            "{ip} is no address of this machine: {error}; take one that it has, or {} for all",
            if ip.is_ipv6() { "[::]" } else { "0.0.0.0" }
        );
        (!is_there).then(|| Obstacle::of(setting, reason))
    };
    asked.into_iter().filter_map(refuse).collect()
}

fn text(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The least port that this process may take, by `ip_unprivileged_port_start` (`ip(7)`) and the effective capabilities of
/// `/proc/self/status` (`proc(5)`, `capabilities(7)`); 0 where that cannot be told.
fn least_port(start: &str, status: &str) -> u16 {
    /// The bit of `CAP_NET_BIND_SERVICE`.
    const BIND: u64 = 1 << 10;
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let effective = effective.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    match (start.trim().parse(), effective) {
        (Ok(start), Some(bits)) if bits & BIND == 0 => start,
        _ => 0,
    }
}

/// Whether only one of two listeners gets its place. One at `[::]` also has the addresses of IPv4 (`ipv6(7)`), and an address
/// of IPv4 in the form of IPv6 is the same address.
fn overlap(one: SocketAddr, other: SocketAddr) -> bool {
    let plain = |address: SocketAddr| SocketAddr::new(address.ip().to_canonical(), address.port());
    let (one, other) = (plain(one), plain(other));
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
            ("[::ffff:127.0.0.1]:3000", "127.0.0.1:3000", true),
            ("[::ffff:127.0.0.1]:3000", "[::]:3000", true),
            ("[::ffff:0.0.0.0]:3000", "127.0.0.1:3000", true),
            ("[::ffff:127.0.0.1]:3000", "127.0.0.2:3000", false),
            ("[::ffff:127.0.0.1]:3000", "[::1]:3000", false),
        ] {
            let addresses: (SocketAddr, SocketAddr) =
                (one.parse().unwrap(), other.parse().unwrap());
            assert_eq!(overlap(addresses.0, addresses.1), expected, "{one} {other}");
            assert_eq!(overlap(addresses.1, addresses.0), expected, "{other} {one}");
        }
    }

    #[test]
    fn ports_are_kept_from_whom_the_system_keeps_them() {
        let status = |bits: &str| format!("Name:\ttwofold\nCapPrm:\tff\nCapEff:\t{bits}\n");
        for (start, bits, expected) in [
            ("1024\n", "0000000000000000", 1024),
            ("1024\n", "0000000000000400", 0),
            ("1024\n", "000001ffffffffff", 0),
            ("80\n", "0000000000000000", 80),
            ("0\n", "0000000000000000", 0),
            ("", "0000000000000000", 0),
        ] {
            assert_eq!(least_port(start, &status(bits)), expected, "{start} {bits}");
        }
        assert_eq!(least_port("1024", ""), 0);
    }
}

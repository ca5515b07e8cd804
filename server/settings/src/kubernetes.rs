//! Environment variables that Kubernetes sets in every container for each Service of its namespace. Those of a Service named
//! `twofold` or `twofold-…` have our prefix and are ignored.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables>

use std::net::{IpAddr, SocketAddr};

const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];

/// Whether a variable is one of a Service: by its name and by its value. A value that does not fit is somebody's mistake.
pub(super) fn is_of_service(name: &str, value: &str) -> bool {
    let is_port = |value: &str| value.parse::<u16>().is_ok();
    if name.ends_with("_SERVICE_HOST") {
        return is_address(value);
    }
    if name.ends_with("_SERVICE_PORT") || name.contains("_SERVICE_PORT_") {
        return is_port(value);
    }
    if name.ends_with("_PORT") && !has_protocol(name.trim_end_matches("_PORT")) {
        return is_endpoint(value);
    }
    let Some((rest, last)) = name.rsplit_once('_') else {
        return false;
    };
    match last {
        "ADDR" => has_protocol(rest) && is_address(value),
        "PORT" => has_protocol(rest) && is_port(value),
        "PROTO" => {
            has_protocol(rest) && PROTOCOLS.iter().any(|one| one.eq_ignore_ascii_case(value))
        }
        _ => has_protocol(name) && is_endpoint(value),
    }
}

/// Whether a name ends in `_PORT_3000_TCP`.
fn has_protocol(name: &str) -> bool {
    let Some((rest, protocol)) = name.rsplit_once('_') else {
        return false;
    };
    let Some((rest, port)) = rest.rsplit_once('_') else {
        return false;
    };
    PROTOCOLS.contains(&protocol) && port.parse::<u16>().is_ok() && rest.ends_with("_PORT")
}

/// An address, in brackets or not.
fn is_address(value: &str) -> bool {
    let bare = value
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or(value).parse::<IpAddr>().is_ok()
}

/// `tcp://10.43.0.17:3000`.
fn is_endpoint(value: &str) -> bool {
    value.split_once("://").is_some_and(|(protocol, socket)| {
        PROTOCOLS
            .iter()
            .any(|one| one.eq_ignore_ascii_case(protocol))
            && socket.parse::<SocketAddr>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::is_of_service;

    #[test]
    fn what_kubernetes_makes_is_told_from_what_somebody_meant() {
        for (name, value, is) in [
            ("TWOFOLD_PORT", "tcp://10.43.0.17:3000", true),
            ("TWOFOLD_SERVICE_HOST", "10.43.0.17", true),
            ("TWOFOLD_SERVICE_HOST", "fd00::17", true),
            ("TWOFOLD_SERVICE_PORT", "3000", true),
            ("TWOFOLD_SERVICE_PORT_HTTP", "3000", true),
            ("TWOFOLD_PORT_3000_TCP", "tcp://10.43.0.17:3000", true),
            ("TWOFOLD_PORT_3000_TCP", "tcp://[fd00::17]:3000", true),
            ("TWOFOLD_PORT_3000_TCP_ADDR", "10.43.0.17", true),
            ("TWOFOLD_PORT_3000_TCP_PORT", "3000", true),
            ("TWOFOLD_PORT_3000_TCP_PROTO", "tcp", true),
            ("TWOFOLD_METRICS_SERVICE_HOST", "10.43.0.18", true),
            ("TWOFOLD_METRICS_PORT_9464_TCP_ADDR", "10.43.0.18", true),
            ("TWOFOLD_POSTGRES_PORT", "tcp://10.43.0.19:5432", true),
            ("TWOFOLD_PORT", "3000", false),
            ("TWOFOLD_PORT", "http://10.43.0.17:3000", false),
            ("TWOFOLD_SERVICE_HOST", "twofold.example.org", false),
            ("TWOFOLD_SERVICE_PORT", "tcp://10.43.0.17:3000", false),
            ("TWOFOLD_PORT_3000_TCP_ADDR", "here", false),
            ("TWOFOLD_PORT_X_TCP", "tcp://10.43.0.17:3000", false),
            ("TWOFOLD_LISTN", "10.43.0.17:3000", false),
            ("TWOFOLD_ADDR", "10.43.0.17", false),
            ("TWOFOLD_SERVICE", "10.43.0.17", false),
        ] {
            assert_eq!(is_of_service(name, value), is, "{name}={value}");
        }
    }
}

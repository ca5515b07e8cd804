//! The URL of a PostgreSQL database. It is parsed here before any library parses it: it contains a password, and libraries
//! print a URL that they cannot parse.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr as _;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::{Host, Url};

use super::authority::{AuthorityProblem, authority_of, check_authority, check_host};

/// Connections of a server where nothing else is set.
pub const USUAL_CONNECTIONS: u32 = 16;

/// Parameters that the driver knows and that name a file, or hold its text.
pub const OF_CERTIFICATES: [&str; 7] = [
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
];
/// The other parameters that the driver knows.
const KNOWN: [&str; 11] = [
    "sslmode",
    "ssl-mode",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];
/// Parameters of libpq that can be named when they are passed over; other names may be a piece of a secret.
const OF_LIBPQ: [&str; 12] = [
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "gssencmode",
    "keepalives",
    "keepalives_idle",
    "load_balance_hosts",
    "passfile",
    "require_auth",
    "sslnegotiation",
    "target_session_attrs",
    "tcp_user_timeout",
];

/// The URL of a PostgreSQL database, and how many connections a server opens to it; its `Debug` hides the password.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    text: String,
    connections: u32,
}

/// Parameters, each with its value.
type Pairs = Vec<(String, String)>;

/// Why a URL cannot be used; nothing of it is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlProblem {
    /// Another scheme.
    #[error("it begins with postgres:// or postgresql://")]
    Scheme,
    /// It cannot be taken apart.
    #[error(
        "it is not of the form postgres://user:password@host:port/database; characters such as # / ? @ in the password are \
         written as %23 %2F %3F %40"
    )]
    Form,
    /// A value of a parameter that the driver does not take.
    #[error(
        "one of its parameters has a value that is not taken; sslmode is disable, allow, prefer, require, verify-ca or verify-full"
    )]
    Parameter,
    /// User, password, host or port.
    #[error("{0}")]
    Authority(#[from] AuthorityProblem),
}

/// A URL that can be used.
pub struct PostgresAddress {
    /// With the parameters that are known, and no others.
    pub(super) text: String,
    /// As the driver reads it.
    pub(super) options: PgConnectOptions,
    /// Names of parameters that are passed over, where they can be told.
    pub passed_over: Vec<&'static str>,
    /// How many others are.
    pub unknown: usize,
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresUrl(…)")
    }
}

impl PostgresUrl {
    /// A URL as somebody set it.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            connections: USUAL_CONNECTIONS,
        }
    }

    /// The same for a server that opens so many connections at most.
    #[must_use]
    pub fn with_connections(mut self, connections: u32) -> Self {
        self.connections = connections;
        self
    }

    pub(super) const fn connections(&self) -> u32 {
        self.connections
    }

    /// Takes it apart.
    ///
    /// # Errors
    /// Says what is wrong with it, without anything of it.
    pub fn check(&self) -> Result<PostgresAddress, UrlProblem> {
        let has_scheme = ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| self.text.starts_with(scheme));
        if !has_scheme {
            return Err(UrlProblem::Scheme);
        }
        let mut url = Url::parse(&self.text).map_err(|_| UrlProblem::Form)?;
        // A password with one of these characters in it still parses where what is before it looks like a port.
        let database = url.path().strip_prefix('/').unwrap_or_default();
        let query = url.query().unwrap_or_default();
        if url.fragment().is_some() || database.contains(['/', '@']) || query.contains('@') {
            return Err(UrlProblem::Form);
        }
        check_place(&self.text)?;
        let (kept, others): (Pairs, Pairs) = url
            .query_pairs()
            .into_owned()
            .partition(|(name, _)| is_known(name));
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
        let passed_over: Vec<&'static str> = others
            .iter()
            .filter_map(|(name, _)| can_be_told(name))
            .collect();
        let unknown = others.len() - passed_over.len();
        let text = String::from(url);
        let options = PgConnectOptions::from_str(&text).map_err(|_| UrlProblem::Parameter)?;
        // Parameters can name another host and port.
        if options.get_port() == 0 {
            return Err(AuthorityProblem::Port.into());
        }
        if options.get_socket().is_none() && !options.get_host().starts_with(['/', '[']) {
            check_host(options.get_host())?;
        }
        Ok(PostgresAddress {
            text,
            options,
            passed_over,
            unknown,
        })
    }
}

impl PostgresAddress {
    /// Whether nobody between here and the database reads along: TLS is required, or it is on this machine.
    pub fn is_protected(&self) -> bool {
        let needs_tls = matches!(
            self.options.get_ssl_mode(),
            PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull
        );
        needs_tls || self.options.get_socket().is_some() || is_this_machine(self.options.get_host())
    }
}

/// Whether the URL leads to where it says, as it stands. The folder of a socket stands there in codes, and may stand in a
/// parameter in place of a host.
fn check_place(url: &str) -> Result<(), AuthorityProblem> {
    let authority = authority_of(url).unwrap_or_default();
    let (who, place) = authority.rsplit_once('@').unwrap_or(("", authority));
    let is_socket = place
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("%2f"));
    if place.is_empty() || is_socket {
        return check_authority(&format!("{who}@localhost"));
    }
    check_authority(authority)
}

/// Whether a host is the machine itself (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3), in each spelling that the
/// resolver takes: with the dot of the root (RFC 1034 §3.1), and addresses as `inet_aton(3)` reads them (`127.1`).
pub fn is_this_machine(host: &str) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let host = bare.unwrap_or(host);
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_loopback = |address: IpAddr| address.to_canonical().is_loopback();
    let is_short_form =
        || matches!(Host::parse(host), Ok(Host::Ipv4(short)) if short.is_loopback());
    name.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(is_loopback) || is_short_form()
}

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
        || OF_CERTIFICATES.contains(&name)
        || (name.starts_with("options[") && name.ends_with(']'))
}

fn can_be_told(name: &str) -> Option<&'static str> {
    OF_LIBPQ.into_iter().find(|known| *known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every place in which a password that is not encoded leaves the parts of a URL.
    #[test]
    fn a_password_that_is_not_encoded_is_refused_and_nothing_of_it_is_said() {
        for url in [
            "postgres://tw:S3cr#et@127.0.0.1:1/x",
            "postgres://tw:S3cr/et@127.0.0.1:1/x",
            "postgres://tw:S3cr?et@127.0.0.1:1/x",
            "postgres://tw:123#et@127.0.0.1:1/x",
            "postgres://tw:123/et@127.0.0.1:1/x",
            "postgres://tw:123?et@127.0.0.1:1/x",
            "postgres://tw:123?et@h=1",
            "mysql://tw:S3cret@127.0.0.1/x",
            "S3cret",
            "postgres://tw:S3cret@h/x?sslmode=S3cret",
            "postgres://tw:S3cret@h/x?port=S3cret",
        ] {
            let problem = PostgresUrl::new(url).check().err().unwrap().to_string();
            for piece in ["S3cr", "et@", "123", "mysql"] {
                assert!(!problem.contains(piece), "{url}: {problem}");
            }
        }
        for url in [
            "postgres://tw:S3cret@h:0/x",
            "postgres://tw:S3cret@a..b/x",
            "postgres://tw:S3cret@0x7f.1/x",
            "postgres://tw:S3cret%@h/x",
            "postgres://tw:S3cret@h/x?port=0",
            "postgres://tw:S3cret@h/x?host=a..b",
            "postgres://tw:S3cret%@%2Frun%2Fpostgresql/x",
        ] {
            let problem = PostgresUrl::new(url).check().err().unwrap();
            assert!(
                matches!(problem, UrlProblem::Authority(_)),
                "{url}: {problem}"
            );
            assert!(!problem.to_string().contains("S3cr"), "{url}: {problem}");
        }
        for url in [
            "postgres://tw:S3cr%23et@127.0.0.1:1/x",
            "postgres://tw:x@%2Frun%2Fpostgresql/x",
            "postgres://tw:x@[::1]:5433/x",
            "postgres://tw:x@h/x?host=/run/postgresql",
            "postgres://tw:x@db_1/x",
            "postgresql:///x?host=/run/postgresql&user=tw",
            "postgres://tw:a@b@127.0.0.1/x",
            "postgres://tw@h/x?sslmode=require&options=-c%20a%3Db",
        ] {
            assert!(PostgresUrl::new(url).check().is_ok(), "{url}");
        }
    }

    #[test]
    fn only_known_parameters_are_passed_on() {
        let url =
            "postgres://tw@h/x?foo=S3cret2&channel_binding=require&sslmode=require&options[a]=b";
        let address = PostgresUrl::new(url).check().unwrap();
        assert!(!address.text.contains("foo") && !address.text.contains("S3cret2"));
        assert!(!address.text.contains("channel_binding"));
        assert!(address.text.contains("sslmode=require"));
        assert_eq!(address.passed_over, ["channel_binding"]);
        assert_eq!(address.unknown, 1);
    }

    #[test]
    fn a_way_on_which_somebody_could_read_along_is_told_from_one_without() {
        for (url, is) in [
            ("postgres://tw@db.example.org/x", false),
            ("postgres://tw@db.example.org/x?sslmode=prefer", false),
            ("postgres://tw@10.0.0.5/x?sslmode=disable", false),
            ("postgres://tw@db.example.org/x?sslmode=require", true),
            ("postgres://tw@db.example.org/x?sslmode=verify-full", true),
            ("postgres://tw@localhost/x", true),
            ("postgres://tw@127.0.0.1:5433/x", true),
            ("postgres://tw@[::1]/x", true),
            ("postgres://tw@%2Frun%2Fpostgresql/x", true),
            ("postgres://tw@localhost.example.org/x", false),
        ] {
            let address = PostgresUrl::new(url).check().unwrap();
            assert_eq!(address.is_protected(), is, "{url}");
        }
    }
}

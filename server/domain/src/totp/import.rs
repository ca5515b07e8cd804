//! The import file for authenticator apps of another product: the format of a line, and why one is refused. An error names
//! only the number of its line, since a misplaced value may be a secret.
//! docs/decisions/0019-importing-totp.md

use std::collections::BTreeMap;

use app::types::email::EmailAddress;
use app::types::secret_text::SecretText;
use percent_encoding::percent_decode_str;

use super::{NotASecret, STEP_SECONDS, TotpSecret};

/// Users in one file. They are written in one transaction, and a server on SQLite waits for 5 seconds at most: so many
/// take less than two.
pub const MOST_USERS: usize = 1_000;

/// A user and the secret that their app has.
#[derive(Debug)]
pub struct Import {
    /// The line of the file, from 1.
    pub line: usize,
    /// The user's address.
    pub email: EmailAddress,
    /// The secret.
    pub secret: TotpSecret,
}

/// A line that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// The line of the file, from 1.
    pub line: usize,
    /// Why.
    pub problem: ImportLineProblem,
}

/// Why a line cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportLineProblem {
    /// No comma, or nothing on one side of it.
    #[error("it is not an e-mail address, a comma, and an otpauth address or a secret in Base32")]
    Shape,
    /// The first half.
    #[error("what stands before the comma is not an e-mail address")]
    NotAnEmail,
    /// An otpauth address alone, of somebody without an address.
    #[error(
        "the name in the otpauth address is not an e-mail address; write that and a comma before it"
    )]
    NameNotAnEmail,
    /// Each user once.
    #[error("it has the address of line {0}")]
    AddressAgain(usize),
    /// Two people with one secret can sign in as each other.
    #[error("it has the secret of line {0}; everybody has one of their own")]
    SecretAgain(usize),
    /// Codes by a counter, or something else.
    #[error("it is not of the kind `totp`, whose codes change with the time")]
    NotTotp,
    /// Several secrets in one address of Google Authenticator's own kind.
    #[error(
        "it is what Google Authenticator exports, several secrets in one; write a line for each"
    )]
    Migration,
    /// An otpauth address without one.
    #[error("the otpauth address has no secret")]
    NoSecret,
    /// Which one?
    #[error("the otpauth address has two secrets")]
    TwoSecrets,
    /// Another hash.
    #[error("the algorithm is not SHA1")]
    Algorithm,
    /// Longer codes.
    #[error("the codes do not have 6 digits")]
    Digits,
    /// Longer steps.
    #[error("the period is not 30 seconds")]
    Period,
    /// It may change the codes.
    #[error("the otpauth address has a parameter that is not known")]
    Parameter,
    /// The secret.
    #[error(transparent)]
    Secret(#[from] NotASecret),
    /// The file.
    #[error("a file has at most {MOST_USERS} users; make several files")]
    TooMany,
}

/// Reads a file: one user a line, `address,otpauth://totp/…` or `address,SECRET`, either half in quotes or not; or an
/// otpauth address alone, whose name is the user's address. Empty lines and those that begin with `#` say nothing.
///
/// # Errors
/// Every line that cannot be taken, in their order.
pub fn read(text: &str) -> Result<Vec<Import>, Vec<BadLine>> {
    match read_all(text) {
        (imports, bad) if bad.is_empty() => Ok(imports),
        (_, bad) => Err(bad),
    }
}

/// The same, with the lines that can be taken beside those that cannot: the users of the former can still be looked up.
pub fn read_all(text: &str) -> (Vec<Import>, Vec<BadLine>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut imports, mut bad) = (Vec::new(), Vec::new());
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if imports.len() + bad.len() == MOST_USERS {
            let problem = ImportLineProblem::TooMany;
            bad.push(BadLine { line, problem });
            break;
        }
        match read_line(content) {
            Ok((email, secret)) => imports.push(Import {
                line,
                email,
                secret,
            }),
            Err(problem) => bad.push(BadLine { line, problem }),
        }
    }
    bad.extend(repeated(&imports));
    bad.sort_by_key(|bad| bad.line);
    (imports, bad)
}

/// Lines with the address or the secret of an earlier one.
fn repeated(imports: &[Import]) -> Vec<BadLine> {
    let (mut addresses, mut secrets) = (BTreeMap::new(), BTreeMap::new());
    let mut bad = Vec::new();
    for Import {
        line,
        email,
        secret,
    } in imports
    {
        let line = *line;
        let address = *addresses.entry(email).or_insert(line);
        let first = *secrets.entry(secret.bytes()).or_insert(line);
        if address != line {
            let problem = ImportLineProblem::AddressAgain(address);
            bad.push(BadLine { line, problem });
        } else if first != line {
            let problem = ImportLineProblem::SecretAgain(first);
            bad.push(BadLine { line, problem });
        }
    }
    bad
}

fn read_line(content: &str) -> Result<(EmailAddress, TotpSecret), ImportLineProblem> {
    if after(content, "otpauth").is_some() {
        let (name, secret) = read_uri(content)?;
        let email = EmailAddress::parse(&name).map_err(|_| ImportLineProblem::NameNotAnEmail)?;
        return Ok((email, secret));
    }
    let (email, key) = content.split_once(',').ok_or(ImportLineProblem::Shape)?;
    let (email, key) = (unquoted(email), unquoted(key));
    if email.is_empty() || key.is_empty() {
        return Err(ImportLineProblem::Shape);
    }
    let email = EmailAddress::parse(email).map_err(|_| ImportLineProblem::NotAnEmail)?;
    let secret = if after(key, "otpauth").is_some() {
        read_uri(key)?.1
    } else {
        TotpSecret::from_base32(key)?
    };
    Ok((email, secret))
}

/// A cell without the quotes around it. Quotes inside are in no address and no secret.
fn unquoted(cell: &str) -> &str {
    let cell = cell.trim();
    let inner = cell
        .strip_prefix('"')
        .and_then(|cell| cell.strip_suffix('"'));
    inner.unwrap_or(cell).trim()
}

/// The rest of a text after a beginning of ASCII, in either case.
fn after<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    let (found, rest) = text.split_at_checked(beginning.len())?;
    found.eq_ignore_ascii_case(beginning).then_some(rest)
}

/// Whose address it is, as it says, and the secret (Google's Key Uri Format). What is not said is what every app
/// assumes: SHA1, 6 digits, 30 seconds.
fn read_uri(uri: &str) -> Result<(String, TotpSecret), ImportLineProblem> {
    if after(uri, "otpauth-migration:").is_some() {
        return Err(ImportLineProblem::Migration);
    }
    let rest = after(uri, "otpauth://totp/").ok_or(ImportLineProblem::NotTotp)?;
    let (label, query) = rest.split_once('?').ok_or(ImportLineProblem::NoSecret)?;
    let mut secret = None;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let value = SecretText::new(value);
        let value = value.expose().trim();
        match name.to_ascii_lowercase().as_str() {
            "secret" if secret.is_some() => return Err(ImportLineProblem::TwoSecrets),
            "secret" => secret = Some(TotpSecret::from_base32(value)?),
            "algorithm" if !is_sha1(value) => return Err(ImportLineProblem::Algorithm),
            "digits" if value != "6" => return Err(ImportLineProblem::Digits),
            "period" if value.parse() != Ok(STEP_SECONDS) => return Err(ImportLineProblem::Period),
            // What they say is shown by apps and changes no code.
            "algorithm" | "digits" | "period" | "issuer" | "image" | "color" | "codedisplay" => {}
            _ => return Err(ImportLineProblem::Parameter),
        }
    }
    let secret = secret.ok_or(ImportLineProblem::NoSecret)?;
    let label = percent_decode_str(label).decode_utf8_lossy();
    // The product's name may stand before the user's.
    let name = label.rsplit(':').next().unwrap_or_default();
    Ok((name.trim().to_owned(), secret))
}

/// SHA1 in the spellings of the apps that export it: `SHA-1`, `HmacSHA1`.
fn is_sha1(algorithm: &str) -> bool {
    let name = after(algorithm, "Hmac").unwrap_or(algorithm);
    name.replace(['-', '_'], "").eq_ignore_ascii_case("SHA1")
}

#[cfg(test)]
mod tests;

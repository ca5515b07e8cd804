//! What `make bench` holds Twofold against, each measured in the same run, and the people who sign in to it:
//!
//! - `argon2 THREADS SECONDS`: hashes per second, and seconds of processor time of each.
//! - `commits FOLDER SECONDS`: durable commits of SQLite per second.
//! - `hello`: a server that greets.
//! - `ceiling FOLDER USERS`: a server that does the least that reading a session and signing in can take.
//! - `sign-ins ADDRESS AT_ONCE FIRST END PASSWORD KEY`: signs users in until its input ends.

mod ceiling;
mod commits;
mod hashing;
mod hello;
mod people;
mod sign_ins;

use std::error::Error;
use std::time::Duration;

/// Whatever goes wrong ends the measurement.
type Ended<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Ended {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["argon2", threads, seconds] => {
            let rate = hashing::rate(threads.parse()?, seconds_of(seconds)?)?;
            println!("{} {}", rate.per_second, rate.cpu_seconds);
            Ok(())
        }
        ["commits", folder, seconds] => {
            println!("{}", commits::rate(folder.as_ref(), seconds_of(seconds)?)?);
            Ok(())
        }
        ["hello"] => hello::serve(),
        ["ceiling", folder, users] => ceiling::serve(folder.as_ref(), users.parse()?),
        ["sign-ins", address, at_once, first, end, password, key] => {
            let people = people::People::new(first.parse()?..end.parse()?, password, key)?;
            sign_ins::run(address, at_once.parse()?, people)
        }
        _ => Err("see the top of bench/load/src/main.rs".into()),
    }
}

fn seconds_of(text: &str) -> Ended<Duration> {
    Ok(Duration::from_secs_f64(text.parse()?))
}

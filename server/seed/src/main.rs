//! `seed DATA USERS ACCOUNTS`: fills the empty database of a data folder, with the settings of the environment, and prints the
//! password that all its users share and the key of the app that every second one has.

use std::error::Error;
use std::sync::Arc;

use crypto::clock::SystemClock;
use crypto::random::SystemRandom;
use seed::{Amounts, seed};
use server::application::build_services;
use settings::{Sources, load};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, users, accounts] = arguments.as_slice() else {
        return Err("seed DATA USERS ACCOUNTS".into());
    };
    let amounts = Amounts {
        users: users.parse()?,
        accounts: accounts.parse()?,
    };
    let settings = load(&Sources {
        file: None,
        system_file: None,
        variables: std::env::vars().collect(),
        unreadable: Vec::new(),
        flags: vec![("data".to_owned(), data.clone())],
    })?;
    let services = build_services(settings, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    let shared = seed(&services, amounts, |done| eprintln!("{done} users")).await??;
    println!("password: {}", shared.password.to_text().expose());
    let key = shared.secret.key_in_groups();
    println!("key of the app: {}", key.expose().replace(' ', ""));
    Ok(())
}

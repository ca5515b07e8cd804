//! `twofold seed`: fills an empty database with generated users, for load tests. Hidden from `--help`.

use clap::Args;

use super::output::{complain, print};
use super::{Ended, Options, services_or_new};
use service::seed::{Amounts, NotSeeded, seed};

const WRONG_AMOUNTS: &str = "there must be an account, and no more accounts than users";

#[derive(Args)]
pub(super) struct Seed {
    /// Users: user0@seed.example and so on, every second one with an authenticator app
    #[arg(long)]
    users: usize,
    /// Accounts, to which users are dealt out in turn
    #[arg(long)]
    accounts: usize,
}

pub(super) async fn run(options: &Options, asked: &Seed) -> Ended {
    let amounts = Amounts {
        users: asked.users,
        accounts: asked.accounts,
    };
    // Where there is no database yet, a refusal makes none.
    if !amounts.are_possible() {
        return Err(WRONG_AMOUNTS.to_owned());
    }
    let services = services_or_new(options).await?;
    let seeded = seed(&services, amounts, |done| {
        complain(&format!("{done} users"));
    })
    .await;
    let shared = match seeded {
        Ok(Ok(shared)) => shared,
        Ok(Err(NotSeeded::HasUsers)) => {
            return Err("the database has users; seed only an empty one".to_owned());
        }
        Ok(Err(NotSeeded::Amounts)) => {
            return Err(WRONG_AMOUNTS.to_owned());
        }
        Err(failure) => return Err(failure.to_string()),
    };
    print(&format!("password: {}", shared.password.to_text().expose()))?;
    let key = shared.secret.key_in_groups();
    print(&format!(
        "key of the app: {}",
        key.expose().replace(' ', "")
    ))?;
    Ok(())
}

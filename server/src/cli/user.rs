//! `twofold user …`.

mod addresses;
mod create;
mod factors;
mod list;

use std::net::IpAddr;

use clap::{Args, Subcommand};

use self::addresses::set_email;
use self::create::create_user;
use self::factors::{allow_first_factor, reset_all, reset_two_factor};
use self::list::list_users;
use super::behind::{GivenBy, say_who_is_behind};
use super::output::print;
use super::refusal_words::line;
use super::{Ended, Options, services};
use service::users::operator;

/// What a command says of an address that nobody has.
const NO_USER: &str = "there is no user with that address";

#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Create a user, with an account that they own
    Create(Create),
    /// List users: address (an id where it is lost), name, second factor, whether disabled, what is known of the address
    List(ListArgs),
    /// Remove the second factor, recovery codes and sessions of a user who lost everything
    ResetTwoFactor(Reset),
    /// End the second factors under a key that is lost for good; their users set up anew
    ResetAllTwoFactor(ResetAll),
    /// Let a user who gets no mail set up a first second factor, in the next browser in which they sign in
    ///
    /// Without it, a first factor takes a code from the user's mailbox. It holds for 30 minutes and for one browser.
    AllowFirstFactor(AllowFirstFactor),
    /// Lift the pauses that wrong codes and passwords have led to
    Unlock(Unlock),
    /// Let nobody in as a user: their sessions, trusted browsers and mailed links end
    Disable(AddressArgs),
    /// Let a disabled user sign in again
    Enable(AddressArgs),
    /// Give a user another address, which counts as confirmed; with the one in use, say that it is theirs
    ///
    /// For who has lost their address, cannot read its mail or has never confirmed it: no link that sets a password is mailed
    /// to an address that nobody has confirmed. Be sure who asks: whoever reads that mailbox can set the password.
    SetEmail(SetEmail),
}

#[derive(Args)]
pub(super) struct Create {
    /// The person's name
    #[arg(long)]
    name: String,
    /// The address they sign in with
    #[arg(long)]
    email: String,
    /// The name of a new account that they own; into one that there is, its administrators invite
    #[arg(long)]
    account: String,
    /// The time zone of that account, by its name as Europe/Berlin; that of this machine without it, or UTC where the machine
    /// names none
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Read the password from standard input, up to the end of the line
    #[arg(long, required = true)]
    password_stdin: bool,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// Only users whose two-factor authentication is off
    #[arg(long)]
    without_two_factor: bool,
}

#[derive(Args)]
pub(super) struct AddressArgs {
    /// The address the user signs in with; of one who has lost it, the id that `user list` prints
    #[arg(long)]
    email: String,
}

#[derive(Args)]
pub(super) struct Unlock {
    /// The address the user signs in with; of one who has lost it, the id that `user list` prints
    #[arg(long)]
    email: String,
    /// The client address that they sign in from, whose pause is lifted for everybody there
    #[arg(long, value_name = "ADDRESS")]
    client: Option<IpAddr>,
}

#[derive(Args)]
pub(super) struct SetEmail {
    /// The address the user signs in with; of one who has lost it, the id that `user list` prints
    #[arg(long)]
    email: String,
    /// The address from now on; the one in use says that it is theirs
    #[arg(long)]
    to: String,
}

#[derive(Args)]
pub(super) struct Reset {
    /// The address the user signs in with; of one who has lost it, the id that `user list` prints
    #[arg(long)]
    email: String,
    /// Let the password alone sign them in next, where no mail reaches them
    #[arg(long)]
    without_link: bool,
}

#[derive(Args)]
pub(super) struct ResetAll {
    /// Say that a key is lost and will not come back. All servers are stopped; the number of users is asked for
    #[arg(long, required = true)]
    keys_lost: bool,
}

#[derive(Args)]
pub(super) struct AllowFirstFactor {
    /// The address the user signs in with; of one who has lost it, the id that `user list` prints
    #[arg(required_unless_present = "all_of", conflicts_with = "all_of")]
    email: Option<String>,
    /// All users of an account who have no second factor: its id, or its name where no other has it
    #[arg(long, value_name = "ACCOUNT")]
    all_of: Option<String>,
}

pub(super) async fn run(options: &Options, command: UserCommand) -> Ended {
    match command {
        UserCommand::Create(create) => create_user(options, create).await,
        UserCommand::List(list) => list_users(options, &list).await,
        UserCommand::ResetTwoFactor(reset) => reset_two_factor(options, &reset).await,
        UserCommand::ResetAllTwoFactor(ResetAll { keys_lost: _ }) => reset_all(options).await,
        UserCommand::AllowFirstFactor(given) => allow_first_factor(options, &given).await,
        UserCommand::Unlock(given) => unlock(options, &given).await,
        UserCommand::SetEmail(set) => set_email(options, &set).await,
        UserCommand::Disable(address) => disable(options, &address.email).await,
        UserCommand::Enable(address) => {
            let services = services(options).await?;
            let is_changed = operator::enable(&services, &address.email)
                .await
                .map_err(|failure| line(failure, NO_USER))?;
            if is_changed {
                print(&format!("{} can sign in again.", address.email))?;
            } else {
                print(&format!(
                    "Nothing changed: {} is not disabled.",
                    address.email
                ))?;
            }
            say_who_is_behind(&services, &address.email, GivenBy::Nothing).await
        }
    }
}

async fn disable(options: &Options, email: &str) -> Ended {
    let services = services(options).await?;
    let disabled = operator::disable(&services, email)
        .await
        .map_err(|failure| line(failure, NO_USER))?;
    if disabled.is_changed {
        print(&format!(
            "The user who has {email} cannot sign in any more."
        ))?;
    } else {
        print(&format!("Nothing changed: {email} is disabled already."))?;
    }
    if disabled.revoked > 0 {
        print(&format!(
            "Invitations that they had sent and that were revoked: {}.",
            disabled.revoked
        ))?;
    }
    for account in &disabled.owns {
        print(&format!(
            "warning: {email} owns {} and nobody else does; `twofold account transfer {} --to EMAIL` gives it to another of its users.",
            account.name, account.id
        ))?;
    }
    say_who_is_behind(&services, email, GivenBy::NoWayIn).await
}

async fn unlock(options: &Options, given: &Unlock) -> Ended {
    let Unlock { email, client } = given;
    let services = services(options).await?;
    let done = operator::unlock(&services, email, *client)
        .await
        .map_err(|failure| line(failure, NO_USER))?;
    print(&if done.is_disabled {
        format!("The pauses of {email} are lifted.")
    } else {
        format!("{email} can try again.")
    })?;
    let (wrong, seconds) = done.of_clients;
    print(&match (client, done.client_waited) {
        (Some(client), Some(waited)) => {
            format!("So can everybody at {client}, who would have waited for {waited} seconds.")
        }
        (Some(client), None) => format!("Nobody at {client} had to wait."),
        (None, _) => format!(
            "A client address with {wrong} wrong passwords waits for up to {} minutes, whoever signs in from there, and still \
             does: `--client ADDRESS` lifts that, too.",
            seconds / 60
        ),
    })?;
    say_who_is_behind(&services, email, GivenBy::Nothing).await
}

//! `twofold user …`.

use std::io::{BufRead as _, Read};
use std::sync::Arc;

use app::types::factors::FactorKind;
use app::types::ids::UserId;
use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use clap::{Args, Subcommand};

use super::behind::{GivenBy, say_who_is_behind};
use super::list::print;
use super::refusal_words::{line, line_of_new_address};
use super::{Ended, Options, services, services_or_new, settings};
use crate::application::lost_keys::reset_all_two_factor;
use crypto::clock::{Clock, SystemClock};
use crypto::random::{Random, SystemRandom};
use domain::factors::FactorKinds;
use service::audit::{Event, note};
use service::first_factor::allowance;
use service::keys::lost::Loss;
use service::users::{self, AfterReset, address, operator};

/// What a command says of an address that nobody has.
const NO_USER: &str = "there is no user with that address";

#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Create a user, with an account that they own
    Create(Create),
    /// List users: address (an id where it is lost), name, second factor, whether disabled
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
    Unlock(AddressArgs),
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
    /// Read the password from standard input, up to the end of the line
    #[arg(long, required = true)]
    password_stdin: bool,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// Only users without two-factor authentication
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
        UserCommand::Unlock(address) => {
            let services = services(options).await?;
            operator::unlock(&services, &address.email)
                .await
                .map_err(|failure| line(failure, NO_USER))?;
            println!("{} can try again.", address.email);
            say_who_is_behind(&services, &address.email, GivenBy::Nothing).await
        }
        UserCommand::SetEmail(set) => set_email(options, &set).await,
        UserCommand::Disable(address) => disable(options, &address.email).await,
        UserCommand::Enable(address) => {
            let services = services(options).await?;
            let is_changed = operator::enable(&services, &address.email)
                .await
                .map_err(|failure| line(failure, NO_USER))?;
            if is_changed {
                println!("{} can sign in again.", address.email);
            } else {
                println!("Nothing changed: {} is not disabled.", address.email);
            }
            say_who_is_behind(&services, &address.email, GivenBy::Nothing).await
        }
    }
}

async fn set_email(options: &Options, set: &SetEmail) -> Ended {
    let services = services(options).await?;
    let done = address::set(&services, &set.email, &set.to)
        .await
        .map_err(|failure| line_of_new_address(failure, NO_USER))?;
    if done.is_same {
        println!(
            "{} is as it was and counts as confirmed from now on. All sessions of its user ended.",
            set.to
        );
    } else {
        println!(
            "{} is {} from now on, which counts as confirmed. All their sessions ended.",
            set.email, set.to
        );
    }
    say_who_lost(done.lost_by, &set.to);
    Ok(())
}

/// Says who had used an address without confirming it, and has lost it to the one whom the operator gave it.
fn say_who_lost(user: Option<UserId>, email: &str) {
    if let Some(user) = user {
        println!(
            "warning: the user {user} had used {email} and never confirmed it, and has lost it: they sign in by it for 14 \
             days, with their own password, and have to give another address. Commands take {user} for them."
        );
    }
}

async fn disable(options: &Options, email: &str) -> Ended {
    let services = services(options).await?;
    let disabled = operator::disable(&services, email)
        .await
        .map_err(|failure| line(failure, NO_USER))?;
    if disabled.is_changed {
        println!("The user who has {email} cannot sign in any more.");
    } else {
        println!("Nothing changed: {email} is disabled already.");
    }
    if disabled.revoked > 0 {
        println!(
            "Invitations that they had sent and that were revoked: {}.",
            disabled.revoked
        );
    }
    for account in &disabled.owns {
        println!(
            "warning: {email} owns {} and nobody else does; `twofold account transfer {}` gives it to another of its users.",
            account.name, account.id
        );
    }
    say_who_is_behind(&services, email, GivenBy::Nothing).await
}

async fn allow_first_factor(options: &Options, given: &AllowFirstFactor) -> Ended {
    let services = services(options).await?;
    let allowed = match (&given.email, &given.all_of) {
        (Some(email), _) => {
            allowance::allow_by_operator(&services, email)
                .await
                .map_err(|failure| line(failure, NO_USER))?;
            vec![email.clone()]
        }
        (None, account) => allowance::allow_all_of(&services, account.as_deref().unwrap_or(""))
            .await
            .map_err(|problem| problem.to_string())?,
    };
    for email in &allowed {
        println!(
            "{email} can set up a second factor without a mailed code, in the next browser in which they sign in, for 30 minutes."
        );
        say_who_is_behind(&services, email, GivenBy::Right).await?;
    }
    if allowed.is_empty() {
        println!("Every user of that account who can sign in has a second factor.");
    }
    Ok(())
}

async fn reset_two_factor(options: &Options, reset: &Reset) -> Ended {
    let services = services(options).await?;
    let next = users::reset_two_factor(&services, &reset.email, !reset.without_link)
        .await
        .map_err(|failure| line(failure, NO_USER))?;
    let email = &reset.email;
    println!("Two-factor authentication of {email} was reset.");
    match next {
        AfterReset::PasswordAlone => {
            println!("Until they enable it again, the password alone signs them in.");
        }
        AfterReset::MailedLink => println!(
            "Each sign-in takes a mailed link besides the password, until they enable it again."
        ),
        AfterReset::SomebodyLetsThemIn => println!(
            "They cannot sign in yet: nobody has shown that they read mail at their address, or they have lost it, so \
             no link is mailed. `twofold user allow-first-factor {email}` lets them in for 30 minutes, without an \
             address, and whoever signs in first with their password is let in. Better, `twofold user set-email` gives them \
             an address, or says that the one in use is theirs."
        ),
    }
    say_who_is_behind(&services, email, GivenBy::Nothing).await
}

async fn reset_all(options: &Options) -> Ended {
    let settings = settings(options, &[])?;
    let at_hand: (Arc<dyn Clock>, Arc<dyn Random>) =
        (Arc::new(SystemClock), Arc::new(SystemRandom));
    let done = reset_all_two_factor(&settings, at_hand, is_sure)
        .await
        .map_err(|problem| problem.to_string())?;
    let Some(users) = done else {
        return Err("nothing was done: the number was not that of the users".to_owned());
    };
    println!(
        "Two-factor authentication of {users} users was reset. They are told by mail when the server starts, and each \
         sign-in takes a mailed link besides the password until they set it up again."
    );
    println!("Keep a copy of the keys elsewhere, and run `twofold keys check` once.");
    Ok(())
}

/// Asks for the number of users, so that nobody types this by mistake.
/// The kinds of second factors of a user in one column.
fn words_of(kinds: FactorKinds) -> String {
    let words: Vec<_> = kinds.iter().map(FactorKind::word).collect();
    if words.is_empty() {
        "off".to_owned()
    } else {
        words.join(",")
    }
}

fn is_sure(loss: &Loss) -> bool {
    println!(
        "This ends the second factor of {} users, whose key is missing, and removes {} other values under missing keys. \
         It cannot be undone, even when the keys are found later.",
        loss.users, loss.others
    );
    println!("Type the number of users to go on:");
    let mut line = String::new();
    let read = std::io::stdin().lock().take(64).read_line(&mut line);
    read.is_ok() && line.trim().parse() == Ok(loss.users)
}

async fn create_user(options: &Options, create: Create) -> Ended {
    let mut password = String::new();
    let longest = 64 * 1024;
    std::io::stdin()
        .take(longest)
        .read_to_string(&mut password)
        .map_err(|error| format!("the password cannot be read from standard input: {error}"))?;
    let password = SecretText::new(password.lines().next().unwrap_or_default());
    let services = services_or_new(options).await?;
    let user = NewUser {
        name: create.name,
        email: create.email,
        account_name: create.account,
        password,
    };
    let namesakes = users::count_accounts_named(&services, &user.account_name).await;
    let namesakes = namesakes.map_err(|failure| line(failure, NO_USER))?;
    let lost_by = users::create(&services, &user)
        .await
        .map_err(|failure| line(failure, NO_USER))?;
    println!("{} can sign in now.", user.email);
    say_who_lost(lost_by, &user.email);
    if namesakes > 0 {
        println!(
            "warning: there was an account named {} already, and {} owns another one now; into an account that there is, \
             its owner or an administrator invites people.",
            user.account_name.trim(),
            user.email
        );
    }
    Ok(())
}

async fn list_users(options: &Options, wanted: &ListArgs) -> Ended {
    const AT_A_TIME: u64 = 500;
    let services = services(options).await?;
    note(&services, &Event::UsersListed)
        .await
        .map_err(|problem| problem.to_string())?;
    let mut after = None;
    loop {
        let users = users::list(&services, wanted.without_two_factor, after, AT_A_TIME)
            .await
            .map_err(|failure| line(failure, NO_USER))?;
        for (user, kinds) in &users {
            let factor = words_of(*kinds);
            let state = if user.is_disabled {
                "disabled"
            } else {
                "enabled"
            };
            let told = format!("{}\t{}\t{factor}\t{state}", user.for_operator(), user.name);
            if !print(&told)? {
                return Ok(());
            }
        }
        match users.last() {
            Some((last, _)) => after = Some(last.id),
            None => return Ok(()),
        }
    }
}

//! The operator's commands. Each says in one line what went wrong and exits with 1; wrong usage exits
//! with 2.

mod account;
mod backup;
mod behind;
mod check_config;
mod import_totp;
mod keys;
mod log;
mod mail;
mod migrate;
mod output;
mod refusal_words;
mod serve;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use rustix::fs::Mode;
use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};

use crate::application::build_services;
use crate::application::preflight::{check_database_files, check_trust};
use crypto::clock::SystemClock;
use crypto::random::SystemRandom;
use service::Services;
use settings::{SYSTEM_FILE, Settings, Sources, load, meaning_of};
use storage::{Database, DatabaseProblem};

/// Account security for teams: sign-in, second factor, and the requirement to have one.
#[derive(Parser)]
#[command(name = "twofold", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    options: Options,
}

/// Settings that every command takes; file, environment and flags overrule each other in this order.
#[derive(Args)]
struct Options {
    /// File of settings (default: that of the variable `TWOFOLD_CONFIG`, else twofold.toml where it is there, else
    /// /etc/twofold/twofold.toml)
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[arg(long, global = true, value_name = "FOLDER", help = meaning_of("data"))]
    data: Option<String>,
    /// Any setting, as in the file or with commas in a list
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server
    Serve(serve::Serve),
    /// Explain the settings, where each comes from, and what is wrong with them
    CheckConfig(check_config::CheckConfig),
    /// Create users and help those who lost everything
    User {
        #[command(subcommand)]
        command: user::UserCommand,
    },
    /// List accounts, require two-factor authentication of one, give it to another owner
    Account {
        #[command(subcommand)]
        command: account::AccountCommand,
    },
    /// Enable two-factor authentication of users with the authenticator apps they have from another product
    ///
    /// The file has one user a line: the e-mail address, a comma, and an otpauth address or the secret in Base32. An
    /// otpauth address alone is enough where its name is the e-mail address. Empty lines and those that begin with # say
    /// nothing. Codes must be as ours are (SHA1, 6 digits, 30 seconds), and secrets of 128 to 512 bits. If one line cannot
    /// be taken, nothing is changed.
    ImportTotp(import_totp::ImportTotp),
    /// Add, rotate, drop and check the keys that seal second factors
    Keys {
        #[command(subcommand)]
        command: keys::KeysCommand,
    },
    /// Try whether mail leaves
    Mail {
        #[command(subcommand)]
        command: mail::MailCommand,
    },
    /// Write the database into one file, while the server serves
    Backup(backup::Backup),
    /// Make a backup the database of an empty data folder
    Restore(backup::Restore),
    /// Bring the schema of the database up to date, as the server does at its start
    Migrate(migrate::Migrate),
}

/// What a command ends with when it fails: one line.
type Ended = Result<(), String>;

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    // Whatever it is: one that takes bits from the owner (0277) would make files that the next start cannot write, and
    // SQLite makes some that ask for no mode.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start: {error}")),
    };
    if !matches!(cli.command, Command::Serve(_) | Command::CheckConfig(_)) {
        log::start_for_command();
    }
    let ended = runtime.block_on(async {
        // With a handler, a write beyond the limit of a file (`setrlimit(2)`) fails, as on a full disk, in place of ending the
        // process.
        let _handler = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()));
        match cli.command {
            Command::Serve(serve) => serve::run(cli.options, serve).await,
            Command::CheckConfig(check) => check_config::run(&cli.options, &check).await,
            Command::User { command } => user::run(&cli.options, command).await,
            Command::Account { command } => account::run(&cli.options, command).await,
            Command::ImportTotp(import) => import_totp::run(&cli.options, &import).await,
            Command::Keys { command } => keys::run(&cli.options, command).await,
            Command::Mail { command } => mail::run(&cli.options, command).await,
            Command::Backup(backup) => backup::back_up(&cli.options, &backup).await,
            Command::Restore(restore) => backup::restore(&cli.options, &restore).await,
            Command::Migrate(migrate) => migrate::run(&cli.options, &migrate).await,
        }
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(line) => fail(&line),
    }
}

fn fail(line: &str) -> ExitCode {
    output::complain(&format!("twofold: {line}"));
    ExitCode::FAILURE
}

/// The settings of a command other than `serve`, which lead to files that can be relied on.
fn settings(options: &Options, extra: &[(&str, Option<&String>)]) -> Result<Settings, String> {
    let settings = load(&sources(options, extra)?).map_err(|problem| problem.to_string())?;
    check_trust(&settings).map_err(|obstacle| obstacle.to_string())?;
    Ok(settings)
}

/// The same for a command that writes to the database, where there is one.
fn settings_to_write(options: &Options) -> Result<Settings, String> {
    let settings = settings(options, &[])?;
    check_database_files(&settings).map_err(|obstacle| obstacle.to_string())?;
    Ok(settings)
}

/// Everything that settings can come from.
fn sources(options: &Options, extra: &[(&str, Option<&String>)]) -> Result<Sources, String> {
    let mut flags = Vec::new();
    for pair in &options.set {
        let (key, value) = pair
            .split_once('=')
            .ok_or("--set takes KEY=VALUE; one that was given has no `=`")?;
        flags.push((key.to_owned(), value.to_owned()));
    }
    let given = [("data", options.data.as_ref())];
    for (key, value) in given.iter().chain(extra) {
        if let Some(value) = value {
            flags.push(((*key).to_owned(), (*value).clone()));
        }
    }
    let mut variables = Vec::new();
    let mut unreadable = Vec::new();
    for (name, value) in std::env::vars_os() {
        let Ok(name) = name.into_string() else {
            continue;
        };
        match value.into_string() {
            Ok(value) => variables.push((name, value)),
            Err(_) => unreadable.push(name),
        }
    }
    Ok(Sources {
        file: options.config.clone(),
        system_file: Some(PathBuf::from(SYSTEM_FILE)),
        variables,
        unreadable,
        flags,
    })
}

/// The database and keys for a command that runs beside the server, or without it. None is made: what a command says of a
/// new database would be taken for what the server's says.
async fn services(options: &Options) -> Result<Arc<Services>, String> {
    let settings = settings_to_write(options)?;
    let location = settings.location();
    let looked = Database::open_as_it_is(&location).await;
    let looked = looked.map_err(|problem| problem.to_string())?;
    let closed = looked.close().await.map_err(DatabaseProblem::from);
    closed.map_err(|problem| problem.at(&location).to_string())?;
    opened(settings).await
}

/// The same for a command that begins a database where there is none.
async fn services_or_new(options: &Options) -> Result<Arc<Services>, String> {
    opened(settings_to_write(options)?).await
}

async fn opened(settings: Settings) -> Result<Arc<Services>, String> {
    build_services(settings, Arc::new(SystemClock), Arc::new(SystemRandom))
        .await
        .map_err(|problem| problem.to_string())
}

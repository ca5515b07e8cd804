//! The operator's commands. Each says in one line what went wrong and exits with 1; wrong usage exits
//! with 2.

mod account;
mod list;
mod log;
mod serve;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};

use crate::application::build_services;
use crate::config::{Settings, Sources, load};
use crate::crypto::clock::SystemClock;
use crate::crypto::random::SystemRandom;
use crate::service::Services;

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
    /// File of settings (default: twofold.toml, when it is there)
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the database, the keys and the outbox
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<String>,
    /// Any setting, as in the file
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server
    Serve(serve::Serve),
    /// Create users and help those who lost everything
    User {
        #[command(subcommand)]
        command: user::User,
    },
    /// List accounts, require two-factor authentication of one, give it to another owner
    Account {
        #[command(subcommand)]
        command: account::Account,
    },
}

/// What a command ends with when it fails: one line.
type Ended = Result<(), String>;

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start: {error}")),
    };
    let ended = runtime.block_on(async {
        match cli.command {
            Command::Serve(serve) => serve::run(cli.options, serve).await,
            Command::User { command } => user::run(&cli.options, command).await,
            Command::Account { command } => account::run(&cli.options, command).await,
        }
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(line) => fail(&line),
    }
}

fn fail(line: &str) -> ExitCode {
    eprintln!("twofold: {line}");
    ExitCode::FAILURE
}

fn settings(options: &Options, extra: &[(&str, Option<&String>)]) -> Result<Settings, String> {
    let mut flags = Vec::new();
    for pair in &options.set {
        let (key, value) = pair
            .split_once('=')
            .ok_or_else(|| format!("--set takes KEY=VALUE, not `{pair}`"))?;
        flags.push((key.to_owned(), value.to_owned()));
    }
    let given = [("data", options.data.as_ref())];
    for (key, value) in given.iter().chain(extra) {
        if let Some(value) = value {
            flags.push(((*key).to_owned(), (*value).clone()));
        }
    }
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let sources = Sources {
        file: options.config.clone(),
        variables,
        flags,
    };
    load(&sources).map_err(|problem| problem.to_string())
}

/// The database and keys for a command that runs beside the server, or without it.
async fn services(options: &Options) -> Result<Arc<Services>, String> {
    let settings = settings(options, &[])?;
    build_services(settings, Arc::new(SystemClock), Arc::new(SystemRandom))
        .await
        .map_err(|problem| problem.to_string())
}

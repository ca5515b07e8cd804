//! `twofold check-config`: which settings there are, where they come from, and what is wrong with them.

use clap::Args;

use super::{Ended, Options, sources};
use crate::application::preflight::{check_read, warnings as warnings_of};
use settings::{Given, advice, described, example, read};

#[derive(Args)]
pub(super) struct CheckConfig {
    /// Print a file with every setting, its meaning and its default instead
    #[arg(long)]
    example: bool,
}

pub(super) async fn run(options: &Options, check: &CheckConfig) -> Ended {
    if check.example {
        print!("{}", example());
        return Ok(());
    }
    let read = read(&sources(options, &[])?);
    read.given.iter().for_each(explain);
    if read.given.is_empty() && read.problems.is_empty() {
        println!("Nothing is set; everything has its default.");
    }
    if !read.passed_over.is_empty() {
        let names = read.passed_over.join(", ");
        println!("Passed over, since Kubernetes makes them for a Service: {names}");
    }
    let problems = check_read(&read).await.err().unwrap_or_default();
    let advice = advice(&read.usable, &read.given).into_iter();
    let mut warnings: Vec<_> = advice.map(|one| one.to_string()).collect();
    warnings.extend(warnings_of(&read.usable));
    for problem in &problems {
        println!("error: {problem}");
    }
    for warning in &warnings {
        println!("warning: {warning}");
    }
    if problems.is_empty() {
        println!("The settings can be used; warnings: {}.", warnings.len());
        Ok(())
    } else {
        Err(format!(
            "the settings cannot be used; errors: {}",
            problems.len()
        ))
    }
}

fn explain(given: &Given) {
    let over = given
        .over
        .as_ref()
        .map_or_else(String::new, |over| format!(", over {over}"));
    let (name, shown, origin) = (given.key.name, given.shown(), &given.origin);
    println!("{name} = {shown}  (from {origin}{over})");
    println!("    {}", described(given.key));
}

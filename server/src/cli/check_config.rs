//! `twofold check-config`: which settings there are, where they come from, and what is wrong with them.

use clap::Args;

use super::output::{print, print_text};
use super::{Ended, Options, sources};
use crate::application::preflight::{check_read, warnings as warnings_of, warnings_of_database};
use settings::{Given, advice, described, example, read};

#[derive(Args)]
pub(super) struct CheckConfig {
    /// Print a file with every setting, its meaning and its default instead
    #[arg(long)]
    example: bool,
}

pub(super) async fn run(options: &Options, check: &CheckConfig) -> Ended {
    if check.example {
        print_text(example().trim_end())?;
        return Ok(());
    }
    let read = read(&sources(options, &[])?);
    for given in &read.given {
        explain(given)?;
    }
    if read.given.is_empty() && read.problems.is_empty() {
        print("Nothing is set; everything has its default.")?;
    }
    if !read.passed_over.is_empty() {
        let names = read.passed_over.join(", ");
        print(&format!(
            "Passed over, since Kubernetes makes them for a Service: {names}"
        ))?;
    }
    let problems = check_read(&read).await.err().unwrap_or_default();
    let of_database = match problems.as_slice() {
        // Keys that do not fit are an error already.
        [] => warnings_of_database(&read.usable).await,
        _ => None,
    };
    let advice = advice(&read.usable, &read.given).into_iter();
    let mut warnings: Vec<_> = advice.map(|one| one.to_string()).collect();
    warnings.extend(warnings_of(&read.usable));
    warnings.extend(of_database);
    for problem in &problems {
        print_text(&format!("error: {problem}"))?;
    }
    for warning in &warnings {
        print_text(&format!("warning: {warning}"))?;
    }
    if problems.is_empty() {
        print(&format!(
            "The settings can be used; warnings: {}.",
            warnings.len()
        ))?;
        Ok(())
    } else {
        Err(format!(
            "the settings cannot be used; errors: {}",
            problems.len()
        ))
    }
}

fn explain(given: &Given) -> Ended {
    let over = given
        .over
        .as_ref()
        .map_or_else(String::new, |over| format!(", over {over}"));
    let (name, shown, origin) = (given.key.name, given.shown(), &given.origin);
    print(&format!("{name} = {shown}  (from {origin}{over})"))?;
    print(&format!("    {}", described(given.key)))?;
    Ok(())
}

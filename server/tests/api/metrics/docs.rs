//! The table of metrics in docs/operating.md and the dashboard in docs/grafana-dashboard.json say what there is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Operator, watched};
use crate::support::TestApp;

const BEGIN: &str = "<!-- metrics, made by UPDATE_DOCS=1 cargo test -->\n";
const END: &str = "<!-- end of metrics -->\n";

fn docs(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(file)
}

/// Kind and meaning of every metric, by name.
async fn printed() -> BTreeMap<String, (String, String)> {
    let app = TestApp::start_with(watched).await;
    // What was never counted is not printed.
    app.services.metrics.count_spent_limit("any");
    app.browser().get("/").await.expect(200);
    let text = Operator::of(&app).metrics().await;
    let about = |word: &str| -> BTreeMap<String, String> {
        text.lines()
            .filter_map(|line| line.strip_prefix(word)?.split_once(' '))
            .map(|(name, rest)| (name.to_owned(), rest.trim_end_matches('.').to_owned()))
            .collect()
    };
    let mut meanings = about("# HELP ");
    let kinds = about("# TYPE ").into_iter();
    kinds
        .map(|(name, kind)| {
            let meaning = meanings.remove(&name).unwrap();
            (name, (kind, meaning))
        })
        .collect()
}

#[tokio::test]
async fn the_table_of_metrics_is_that_of_the_server() {
    let mut table = format!("{BEGIN}\n| metric | kind | meaning |\n| --- | --- | --- |\n");
    for (name, (kind, meaning)) in printed().await {
        let _ = writeln!(table, "| `{name}` | {kind} | {meaning} |");
    }
    table.push('\n');
    let path = docs("operating.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the table stands there");
    let (_, after) = rest.split_once(END).expect("the table has an end");
    let expected = format!("{before}{table}{END}{after}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap() == expected,
        "docs/operating.md is out of date: UPDATE_DOCS=1 cargo test -p server --features app/ssr --test api metrics"
    );
}

/// Everything under the key `expr`, however deep.
fn expressions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if key == "expr" => found.push(text.clone()),
                    other => expressions(other, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| expressions(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn the_dashboard_asks_only_for_metrics_that_there_are() {
    let text = std::fs::read_to_string(docs("grafana-dashboard.json")).unwrap();
    let mut found = Vec::new();
    expressions(&serde_json::from_str(&text).unwrap(), &mut found);
    assert!(found.len() > 8, "the dashboard has its panels");
    are_counted(&found).await;
}

/// What they say is promtool's to test, in scripts/check.
#[tokio::test]
async fn the_alerts_ask_only_for_metrics_that_there_are() {
    let text = std::fs::read_to_string(docs("../packaging/alerts/twofold.rules.yml")).unwrap();
    let found: Vec<_> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .map(str::to_owned)
        .collect();
    assert!(text.matches("alert:").count() > 8, "there are alerts");
    are_counted(&found).await;
}

async fn are_counted(found: &[String]) {
    let printed = printed().await;
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .filter(|word| word.starts_with("twofold_") || word.starts_with("process_"))
            .map(str::to_owned)
            .collect()
    };
    let asked: BTreeSet<_> = found.iter().flat_map(|text| words(text)).collect();
    let is_known = |name: &String| {
        let of_histogram = ["_bucket", "_count", "_sum"]
            .iter()
            .find_map(|end| name.strip_suffix(end));
        printed.contains_key(name) || of_histogram.is_some_and(|name| printed.contains_key(name))
    };
    let unknown: Vec<_> = asked.iter().filter(|name| !is_known(name)).collect();
    assert!(unknown.is_empty(), "nobody counts {unknown:?}");
}

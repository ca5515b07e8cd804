//! The pages that the Debian package brings (scripts/pack-deb): every link in them leads to something that it brings, and
//! every anchor to a heading.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::source::root;

/// What `scripts/pack-deb` puts into one folder, with the place of it there.
fn shipped() -> Vec<(PathBuf, PathBuf)> {
    let mut files = Vec::new();
    let folders = [
        ("docs", "", &["md", "toml", "json"][..]),
        ("docs/decisions", "decisions", &["md"]),
        ("packaging/alerts", "alerts", &[]),
        ("packaging/balancer", "balancer", &[]),
        ("packaging/postgresql", "postgresql", &[]),
    ];
    for (from, to, endings) in folders {
        for entry in fs::read_dir(root().join(from)).expect(from) {
            let path = entry.expect(from).path();
            let ending = path.extension().and_then(|ending| ending.to_str());
            let is_taken = endings.is_empty() || ending.is_some_and(|it| endings.contains(&it));
            if path.is_file() && is_taken {
                let name = path.file_name().expect("a file has a name");
                files.push((path.clone(), Path::new(to).join(name)));
            }
        }
    }
    files.push((root().join("CHANGELOG.md"), PathBuf::from("CHANGELOG.md")));
    files
}

/// The targets of the links in a page.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|after| Some(&after[..after.find(')')?]))
}

/// The anchors of the headings of a page, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |line: &str| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            _ => c.is_alphanumeric().then_some(c),
        });
        kept.collect()
    };
    headings.map(anchor).collect()
}

/// Where a link of a page leads, with `..` taken away.
fn target(page: &Path, link: &str) -> PathBuf {
    let mut place = page.parent().unwrap_or(Path::new("")).to_owned();
    for part in link.split('/') {
        if part == ".." && place.pop() {
            continue;
        }
        place.push(part);
    }
    place
}

#[test]
fn every_link_of_the_pages_in_the_package_leads_to_what_is_in_it() {
    let shipped = shipped();
    let find = |place: &Path| shipped.iter().find(|(_, at)| at == place);
    let (mut looked_at, mut dead) = (0, Vec::new());
    for (file, page) in &shipped {
        if page.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = fs::read_to_string(file).expect("a page is text");
        for link in links(&text).filter(|link| !link.contains("://")) {
            looked_at += 1;
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let place = if path.is_empty() {
                page.clone()
            } else {
                target(page, path)
            };
            let leads = find(&place).is_some_and(|(found, _)| {
                anchor.is_empty()
                    || anchors(&fs::read_to_string(found).unwrap_or_default()).contains(anchor)
            });
            if !leads {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(looked_at > 50, "{looked_at} links");
    assert_eq!(dead, Vec::<String>::new());
}

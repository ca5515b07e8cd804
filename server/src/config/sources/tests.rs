use super::*;

fn flags(flags: &[(&str, &str)]) -> Sources {
    let flags = flags
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Sources {
        flags: flags.collect(),
        ..Sources::default()
    }
}

#[test]
fn flags_overrule_the_environment_and_the_environment_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.toml");
    std::fs::write(
        &file,
        "product_name = \"file\"\nsign_up = true\n[session]\nidle_minutes = 5\n",
    )
    .unwrap();
    let mut sources = flags(&[("session.idle_minutes", "7")]);
    sources.file = Some(file);
    sources.variables = vec![
        ("TWOFOLD_PRODUCT_NAME".into(), "environment".into()),
        ("TWOFOLD_SESSION_IDLE_MINUTES".into(), "6".into()),
        ("HOME".into(), "/".into()),
    ];
    let settings = load(&sources).unwrap();
    assert_eq!(settings.product_name, "environment");
    assert_eq!(settings.session.idle_minutes, 7);
    assert!(settings.sign_up);
    assert_eq!(settings.session.absolute_hours, 24);
}

#[test]
fn an_unknown_key_is_an_error_that_names_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.toml");
    std::fs::write(&file, "[session]\nidle_minute = 5\n").unwrap();
    let sources = Sources {
        file: Some(file),
        ..Sources::default()
    };
    let problem = load(&sources).unwrap_err().to_string();
    assert!(problem.contains("`session.idle_minute`"), "{problem}");
    assert!(
        problem.contains("did you mean `session.idle_minutes`"),
        "{problem}"
    );
    let variables = vec![("TWOFOLD_LISTN".to_owned(), String::new())];
    let problem = load(&Sources {
        variables,
        ..Sources::default()
    })
    .unwrap_err()
    .to_string();
    assert!(problem.contains("TWOFOLD_LISTEN"), "{problem}");
}

#[test]
fn values_that_cannot_be_used_are_refused_by_name() {
    for (key, value) in [
        ("session.idle_minutes", "soon"),
        ("sign_up", "yes"),
        ("public_url", "ftp://x"),
        ("public_url", "https://x/path"),
        ("session.idle_minutes", "0"),
        ("password_hash.memory_kib", "10"),
        ("listen", "nowhere"),
        ("step_up_code", "sometimes"),
        ("trusted_proxies", "10.0.0.0/99"),
    ] {
        let problem = load(&flags(&[(key, value)])).unwrap_err().to_string();
        let word = key.split('.').next().unwrap();
        assert!(problem.contains("setting `"), "{key}: {problem}");
        assert!(
            problem.contains(word) || problem.contains(value),
            "{key}: {problem}"
        );
    }
}

#[test]
fn every_key_of_the_table_is_a_setting() {
    for key in KEYS {
        if matches!(key.kind, Kind::FileOf(_)) {
            continue;
        }
        let value = match key.kind {
            Kind::FileOf(_) => unreachable!("passed over above"),
            Kind::Number => "9000",
            Kind::Switch => "true",
            Kind::List => "127.0.0.1",
            Kind::Text => match key.name {
                "listen" | "metrics.listen" => "127.0.0.1:1",
                "public_url" => "https://x",
                "step_up_code" => "always",
                "log.format" => "json",
                "sms.gateway" => "outbox",
                _ => "text",
            },
        };
        let value = match key.name {
            "password_hash.lanes" | "http.stop_delay_seconds" => "2",
            name if name.starts_with("http.") => "3600",
            _ => value,
        };
        let before = format!("{:?}", Settings::default());
        let after = load(&flags(&[(key.name, value)])).unwrap();
        assert_ne!(before, format!("{after:?}"), "{} changes nothing", key.name);
    }
}

/// A secret may come from a file, so that it stands neither in the environment nor beside what is shared.
#[test]
fn a_secret_can_be_the_content_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("url");
    std::fs::write(&path, "postgres://user:secret@db/x\n").unwrap();
    let name = path.display().to_string();
    let given = read(&flags(&[("database_url_file", &name)]));
    assert_eq!(given.given[0].shown(), "(secret)");
    assert_eq!(given.given[0].origin, Origin::ContentOf(path.clone()));
    let url = given.settings.unwrap().database_url.unwrap();
    assert_eq!(url.0, "postgres://user:secret@db/x");
    std::fs::write(&path, "\n").unwrap();
    let problem = load(&flags(&[("database_url_file", &name)])).unwrap_err();
    assert!(problem.to_string().contains("is empty"), "{problem}");
    std::fs::remove_file(&path).unwrap();
    let problem = load(&flags(&[("database_url_file", &name)])).unwrap_err();
    assert!(problem.to_string().contains(&name), "{problem}");
}

#[test]
fn a_secret_and_its_file_are_one_too_many() {
    for (value, file) in either_or() {
        let problem = load(&flags(&[(value, "x"), (file, "y")])).unwrap_err();
        let problem = problem.to_string();
        assert!(
            problem.contains(value) && problem.contains(file),
            "{problem}"
        );
    }
}

#[test]
fn every_secret_can_come_from_a_file() {
    let with_file: Vec<_> = either_or().map(|(value, _)| value).collect();
    for key in KEYS.iter().filter(|key| key.is_secret()) {
        assert!(with_file.contains(&key.name), "{}", key.name);
    }
}

#[test]
fn everything_that_is_wrong_is_given_at_once_and_no_secret_with_it() {
    let given = read(&flags(&[
        ("listen", "nowhere"),
        ("sign_up", "yes"),
        ("nothing", "at all"),
        ("database_url", "hidden"),
    ]));
    let problems: Vec<_> = given.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(!problems.concat().contains("hidden"));
}

#[test]
fn what_is_overruled_is_remembered() {
    let mut sources = flags(&[("sign_up", "true")]);
    sources.variables = vec![("TWOFOLD_SIGN_UP".into(), "false".into())];
    let given = read(&sources).given;
    assert_eq!(given.len(), 1);
    assert_eq!(given[0].origin, Origin::Flag);
    assert_eq!(
        given[0].over,
        Some(Origin::Variable("TWOFOLD_SIGN_UP".into()))
    );
}

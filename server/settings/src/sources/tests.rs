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

/// A name that is like no other is not compared with one.
#[test]
fn what_nobody_meant_gets_no_hint() {
    let problem = load(&flags(&[("foo", "x")])).unwrap_err().to_string();
    assert!(
        problem.contains("`foo`") && !problem.contains("did you mean"),
        "{problem}"
    );
}

#[test]
fn variables_of_a_service_of_kubernetes_are_passed_over_and_others_are_not() {
    let variables = |pairs: &[(&str, &str)]| Sources {
        variables: pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..Sources::default()
    };
    let service = [
        ("TWOFOLD_PORT", "tcp://10.43.0.17:3000"),
        ("TWOFOLD_SERVICE_HOST", "10.43.0.17"),
        ("TWOFOLD_SERVICE_PORT", "3000"),
        ("TWOFOLD_PORT_3000_TCP_ADDR", "10.43.0.17"),
    ];
    let read_ = read(&variables(&service));
    assert!(read_.problems.is_empty(), "{:?}", read_.problems);
    assert_eq!(read_.passed_over.len(), service.len());
    assert!(read_.given.is_empty());
    // A setting of ours stays ours, whatever it looks like.
    let listen = read(&variables(&[("TWOFOLD_LISTEN", "10.43.0.17:3000")]));
    assert_eq!(listen.given.len(), 1);
    assert!(load(&variables(&[("TWOFOLD_PORT", "3000")])).is_err());
}

#[test]
fn a_variable_that_is_no_text_is_named() {
    let sources = Sources {
        unreadable: vec!["TWOFOLD_DATABASE_URL".to_owned(), "LS_COLORS".to_owned()],
        ..Sources::default()
    };
    let read = read(&sources);
    let problems: Vec<_> = read.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        ["setting `TWOFOLD_DATABASE_URL` in the environment is no text (UTF-8)"]
    );
}

#[test]
fn the_packages_file_is_read_where_nothing_else_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (system, named) = (folder.path().join("system"), folder.path().join("named"));
    std::fs::write(&system, "product_name = \"system\"\n").unwrap();
    std::fs::write(&named, "\u{feff}product_name = \"named\"\n").unwrap();
    let mut sources = Sources {
        system_file: Some(system.clone()),
        ..Sources::default()
    };
    assert_eq!(load(&sources).unwrap().product_name, "system");
    let variable = named.display().to_string();
    sources.variables = vec![("TWOFOLD_CONFIG".to_owned(), variable)];
    assert_eq!(load(&sources).unwrap().product_name, "named");
    // Neither is a file whose name is empty, and no other one is read in its place.
    sources.variables = vec![("TWOFOLD_CONFIG".to_owned(), String::new())];
    let refused = load(&sources).unwrap_err().to_string();
    assert!(refused.contains("TWOFOLD_CONFIG") && refused.contains("empty"));
    sources.variables.clear();
    sources.file = Some(named);
    assert_eq!(load(&sources).unwrap().product_name, "named");
    sources.file = None;
    std::fs::remove_file(system).unwrap();
    assert_eq!(load(&sources).unwrap().product_name, "Twofold");
}

#[test]
fn a_list_can_be_given_as_in_the_file() {
    let list = load(&flags(&[("trusted_proxies", "[\"127.0.0.1\", \"::1\"]")])).unwrap();
    let commas = load(&flags(&[("trusted_proxies", "127.0.0.1, ::1")])).unwrap();
    assert_eq!(list.trusted_proxies, commas.trusted_proxies);
    assert_eq!(list.trusted_proxies.len(), 2);
    assert!(load(&flags(&[("trusted_proxies", "[127.0.0.1")])).is_err());
}

/// What the table says of a number is what the operator reads; the test `settings_bounds` walks all of them.
#[test]
fn numbers_that_the_program_cannot_work_with_are_refused_with_their_bounds() {
    for (key, value, bounds) in [
        ("password_hash.passes", "65", "1 to 64"),
        ("password_hash.memory_kib", "2000000", "8192 to 1048576"),
        (
            "http.connections",
            "15",
            "16 to 1000000, or 0 for as many as there is room for",
        ),
        ("audit.keep_days", "90", "91 to 36500, or 0 for all of them"),
        ("mail.timeout_seconds", "90", "1 to 59"),
        ("limits.acts_per_user", "-1", "0 to 1000000"),
        ("limits.acts_per_user", "4294967296", "0 to 1000000"),
    ] {
        let problem = load(&flags(&[(key, value)])).unwrap_err().to_string();
        assert_eq!(
            problem,
            format!("setting `{key}` takes {bounds}, not {value}  (from a flag)")
        );
    }
    for (name, length) in [(" ".to_owned(), 0), ("x".repeat(61), 61)] {
        let problem = load(&flags(&[("product_name", &name)])).unwrap_err();
        let expected =
            format!("setting `product_name` takes 1 to 60 characters, not {length}  (from a flag)");
        assert_eq!(problem.to_string(), expected);
    }
    assert!(load(&flags(&[("product_name", &"ä".repeat(60))])).is_ok());
    let problem = load(&flags(&[("session.idle_minutes", "1e3")])).unwrap_err();
    let expected =
        "setting `session.idle_minutes` takes a whole number, 1 to 525600  (from a flag)";
    assert_eq!(problem.to_string(), expected);
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

/// Paths are read by the system alone, and a folder may have any name.
const PATHS: [&str; 4] = ["data", "keys_file", "icon_file", "mail.ca_file"];

#[test]
fn no_text_of_a_setting_is_one_that_no_name_could_be() {
    let texts = KEYS.iter().filter(|key| key.kind == SettingKind::Text);
    let texts = texts.filter(|key| !key.is_secret() && !PATHS.contains(&key.name));
    let mut tried = Vec::new();
    for key in texts {
        tried.push(key.name);
        // Of a sender it is the name beside the address that people read.
        let around = |text: &str| match key.name {
            "mail.from" => format!("\"{text}\" <twofold@example.org>"),
            _ => text.to_owned(),
        };
        let hidden = ["\u{200b}", "\u{3164}", "\u{301}"];
        let spoilt = [
            "a\0b",
            "a\u{7}b",
            "a\nb",
            "a\r\nb",
            "a\u{2028}b",
            "a\u{202e}b",
        ];
        let none = ["a\u{fffe}", "a\u{fdd0}b", "a\u{10ffff}", "a\u{378}"];
        for text in hidden.iter().chain(&spoilt).chain(&none) {
            let problem = load(&flags(&[(key.name, &around(text))])).map(|_| ());
            let problem = problem.unwrap_err().to_string();
            assert!(
                problem.starts_with(&format!("setting `{}` ", key.name)),
                "{problem}"
            );
        }
    }
    for name in ["product_name", "mail.from", "sms.from"] {
        assert!(tried.contains(&name), "{name}");
    }
}

#[test]
fn texts_of_settings_take_what_names_are_and_have_one_spelling() {
    for name in [
        "Müller & Söhne",
        "Zwei-Faktor – 100% sicher?",
        "אבטחה",
        "🔐 Sec",
        "شرکت‌ها",
    ] {
        let sender = format!("\"{name}\" <twofold@example.org>");
        let settings = load(&flags(&[("product_name", name), ("mail.from", &sender)])).unwrap();
        assert_eq!(settings.product_name, name);
        assert_eq!(settings.mail.from, sender);
    }
    let settings = load(&flags(&[("product_name", " Mu\u{308}ller ")])).unwrap();
    assert_eq!(settings.product_name, "Müller");
    assert_eq!(load(&flags(&[("sms.from", "")])).unwrap().sms.from, "");
}

#[test]
fn every_key_of_the_table_is_a_setting() {
    let before = format!("{:?}", Settings::default());
    for key in KEYS.iter() {
        let value = match key.kind {
            SettingKind::FileOf(_) => continue,
            SettingKind::Number => key.bounds().unwrap().most.to_string(),
            SettingKind::Switch => "true".to_owned(),
            SettingKind::List => "127.0.0.1".to_owned(),
            SettingKind::Text => match key.name {
                "listen" | "metrics.listen" => "127.0.0.1:1",
                "public_url" => "https://x",
                "step_up_code" => "always",
                "log.format" => "json",
                "log.level" => "debug",
                "database_url" => "postgres://db/x",
                "sms.gateway" => "outbox",
                _ => "text",
            }
            .to_owned(),
        };
        let after = load(&flags(&[(key.name, &value)])).unwrap();
        assert_ne!(before, format!("{after:?}"), "{} changes nothing", key.name);
    }
}

/// One that nobody reads would be a promise that nobody keeps.
#[test]
fn every_setting_is_read_outside_of_the_table() {
    let mut code = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("tests") && !path.ends_with("target") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("settings/src/table.rs")
                && !path.ends_with("tests.rs")
            {
                code.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let is_read = |name: &str| {
        let access = format!(".{}", name.rsplit('.').next().unwrap());
        let ends = |at: usize| !code[at..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        code.match_indices(&access)
            .any(|(at, _)| ends(at + access.len()))
    };
    for key in KEYS.iter() {
        let is_file = matches!(key.kind, SettingKind::FileOf(_));
        assert!(is_file || is_read(key.name), "nobody reads {}", key.name);
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
    let problem = load(&flags(&[("database_url_file", &name)]))
        .unwrap_err()
        .to_string();
    assert!(
        problem.contains(&name) && problem.contains("`database_url_file`"),
        "{problem}"
    );
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
        ("log.format", "jsn"),
        ("password_hash.passes", "65"),
    ]));
    let problems: Vec<_> = given.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 6, "{problems:?}");
    assert!(
        problems
            .iter()
            .any(|problem| problem.contains("`log.format` takes `text` or `json`")),
        "{problems:?}"
    );
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

/// A line that cannot be read may hold a secret: its place is said, and none of it.
#[test]
fn a_file_that_is_no_toml_is_told_by_its_place_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.toml");
    let sources = Sources {
        file: Some(file.clone()),
        ..Sources::default()
    };
    for (line, place) in [
        ("keys = Hunter2pw", "line 2, column 8"),
        ("mail.smtp_url = \"smtps://u:Hunter2pw@h", "line 2"),
        ("database_url = \"postgres://u:\\Hunter2pw@h/db\"", "line 2"),
        ("keys = \"\"\"Hunter2pw", "line 3"),
        ("Hunter2pw", "line 2"),
        ("[sms]\ntoken = Hunter2pw", "line 3"),
        ("Hunter2pw = 1\nHunter2pw = 2", "line 3"),
        ("keys = [\"Hunter2pw\"", "line "),
    ] {
        std::fs::write(&file, format!("# é\n{line}\n")).unwrap();
        let problem = load(&sources).unwrap_err().to_string();
        assert!(problem.contains(place), "{problem}");
        assert!(!problem.contains("Hunter2pw"), "{problem}");
        assert!(problem.contains("t.toml"), "{problem}");
    }
}

/// Who puts the value where its file belongs does not find it in the log.
#[test]
fn a_url_in_the_place_of_its_file_is_not_shown() {
    let files = KEYS
        .iter()
        .filter(|key| matches!(key.kind, SettingKind::FileOf(_)));
    let names: Vec<_> = files.map(|key| key.name).collect();
    assert!(names.len() >= 3, "{names:?}");
    for name in names {
        let problem = load(&flags(&[(name, "postgres://u:Hunter2pw@h/db")])).unwrap_err();
        let problem = problem.to_string();
        assert!(
            problem.contains(name) || problem.contains("takes the path"),
            "{problem}"
        );
        assert!(!problem.contains("Hunter2pw"), "{problem}");
    }
}

/// Whichever setting it is put into by mistake, a secret is in no line of `check-config` and in no error.
#[test]
fn no_setting_shows_what_may_be_a_secret() {
    const PIECE: &str = "Hunter2pw";
    // 32 bytes in Base64, as a key is written.
    const KEY: &str = "SHVudGVyMnB3SHVudGVyMnB3SHVudGVyMnB3SHVudGU=";
    let id_and_key = format!("0123456789abcdef {KEY}");
    for key in KEYS.iter() {
        for value in [
            "https://user:Hunter2pw@gateway.example.org/",
            "https://gateway.example.org/send?token=Hunter2pw",
            "https://gateway.example.org/services/Hunter2pw",
            "https://Hunter2pw:x",
            "postgres://u:p/Hunter2pw@h/db",
            KEY,
            &id_and_key,
        ] {
            let read = read(&flags(&[(key.name, value)]));
            let shown = read.given.iter().map(Given::shown);
            let said = read.problems.iter().map(ToString::to_string);
            for line in shown.chain(said) {
                let is_hidden = !line.contains(PIECE) && !line.contains(KEY);
                assert!(is_hidden, "{}: {line}", key.name);
            }
        }
        if matches!(key.kind, SettingKind::FileOf(_)) {
            let problem = load(&flags(&[(key.name, PIECE)])).unwrap_err().to_string();
            assert!(!problem.contains(PIECE), "{problem}");
            assert!(problem.contains("takes the path of a file"), "{problem}");
        }
    }
    let url = format!("https://gateway.example.org/?{PIECE}");
    let problem = load(&flags(&[(&url, "")])).unwrap_err().to_string();
    assert!(!problem.contains(PIECE), "{problem}");
}

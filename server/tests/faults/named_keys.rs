//! The key that a row names is an index, which whoever writes to the database can edit; under which key a value is, the value
//! itself says. A rotation leaves nothing behind and a key that is needed is not dropped, whatever stands in the column.

use std::collections::BTreeSet;

use service::keys::rotation::{add, drop_key, rotate};
use service::keys::survey::survey;
use service::keys::{KeysProblem, keys_at_hand, keys_in_use};
use storage::sealed::SealedTable;

use crate::support::{OWNER, START, TestApp};

const ADA: &str = "ada@example.org";

/// Something of every table with sealed values.
async fn filled(app: &TestApp) -> crate::support::Authenticator {
    let (_, authenticator) = app.member_with_two_factor(ADA).await;
    for table in SealedTable::ALL {
        match table {
            // The member above has both.
            SealedTable::SecondFactors | SealedTable::FactorSets => {}
            SealedTable::Enrolments => {
                let mut owner = app.member(OWNER).await;
                app.prove_mailbox(OWNER).await;
                let code = owner.mail_code("first_factor").await;
                code.expect(200);
                let code = app.mailed_code(OWNER).await;
                owner.begin_with(&code).await.expect(200);
            }
            SealedTable::Mails => {
                app.mails_gone().await;
                let id = "00000000-0000-4000-8000-000000000001";
                let ring = app.services.keys.ring();
                let random = app.services.random.as_ref();
                let sealed = ring.seal(random, "mail", id, br#"{"unread":true}"#);
                let row = format!(
                    "INSERT INTO mails (id, sealed_mail, key_id, created_at, next_try_at, tries)
                     VALUES ({}, {}, '{}', 0, 9999999999, 0)",
                    app.id(&id.replace('-', "")),
                    app.bytes(&data_encoding::HEXLOWER.encode(&sealed)),
                    ring.current()
                );
                app.sql(&row).await;
            }
        }
        assert!(app.count(table.name()).await > 0, "{table:?}");
    }
    authenticator
}

/// Puts a name into the column of every row of every table.
async fn name_everywhere(app: &TestApp, key: &str) {
    for table in SealedTable::ALL {
        let name = table.name();
        app.sql(&format!("UPDATE {name} SET key_id = '{key}'"))
            .await;
    }
}

async fn problems(app: &TestApp) -> Vec<String> {
    let found = survey(&app.services.database, &app.services.keys.ring()).await;
    found.unwrap().problems
}

#[tokio::test]
async fn a_name_that_was_edited_leaves_no_value_under_a_key_that_goes() {
    let app = TestApp::start().await;
    let authenticator = filled(&app).await;
    let old = app.services.keys.ring().current();
    let new = add(&app.services).await.unwrap();
    // Every row says that it is under the new key already.
    name_everywhere(&app, &new.to_string()).await;
    rotate(&app.services, None, &mut |_| {}).await.unwrap();
    drop_key(&app.services, old).await.unwrap();
    assert_eq!(problems(&app).await, Vec::<String>::new());
    let mut ada = app.browser();
    ada.sign_in(ADA).await.expect(200);
    app.clock.set(START + 30);
    ada.give_code(&authenticator.code(START + 30))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_key_that_a_value_needs_is_not_dropped_whatever_its_row_names() {
    let app = TestApp::start().await;
    filled(&app).await;
    // What is there before the rotation is put back after it, under the name of the new key.
    let old = app.services.keys.ring().current();
    for table in SealedTable::ALL {
        let name = table.name();
        app.sql(&format!("CREATE TABLE kept_{name} AS SELECT * FROM {name}"))
            .await;
    }
    let new = add(&app.services).await.unwrap();
    rotate(&app.services, None, &mut |_| {}).await.unwrap();
    for table in SealedTable::ALL {
        let name = table.name();
        app.sql(&format!("DELETE FROM {name}")).await;
        app.sql(&format!("INSERT INTO {name} SELECT * FROM kept_{name}"))
            .await;
    }
    name_everywhere(&app, &new.to_string()).await;
    let refused = drop_key(&app.services, old).await.unwrap_err();
    assert!(
        matches!(refused, KeysProblem::InUse { id, .. } if id == old),
        "{refused}"
    );
    let users = app.count("users").await;
    for words in [
        "unfinished set-ups 1",
        "second factors 1",
        &format!("tags of second factors {users}"),
        "waiting mails 1",
    ] {
        assert!(refused.to_string().contains(words), "{words}: {refused}");
    }
    assert_eq!(app.services.keys.ring().ids().len(), 2);
    let done = rotate(&app.services, None, &mut |_| {}).await.unwrap();
    assert!(done.resealed > 0);
    drop_key(&app.services, old).await.unwrap();
    assert_eq!(problems(&app).await, Vec::<String>::new());
}

/// In the schema of a version before, where nothing is walked, a backup needs the keys that the values name, too.
#[tokio::test]
async fn a_backup_of_an_earlier_schema_needs_the_keys_of_its_values() {
    let app = TestApp::start().await;
    filled(&app).await;
    let old = app.services.keys.ring().current();
    let new = add(&app.services).await.unwrap();
    name_everywhere(&app, &new.to_string()).await;
    let ring = keys_at_hand(&app.services.settings).unwrap().unwrap();
    for is_schema_of_now in [true, false] {
        let needed = keys_in_use(app.services.database.read(), &ring, is_schema_of_now).await;
        assert_eq!(
            needed.unwrap(),
            BTreeSet::from([old, new]),
            "{is_schema_of_now}"
        );
    }
}

/// A name that nothing is under, in every row: nobody is refused, and a rotation writes the right one.
#[tokio::test]
async fn an_invented_name_refuses_nobody_and_is_written_anew() {
    let app = TestApp::start().await;
    let authenticator = filled(&app).await;
    name_everywhere(&app, "0badc0de").await;
    let mut ada = app.browser();
    ada.sign_in(ADA).await.expect(200);
    app.clock.set(START + 30);
    ada.give_code(&authenticator.code(START + 30))
        .await
        .expect(200);
    let told = problems(&app).await;
    assert!(!told.is_empty(), "an edited row is told");
    rotate(&app.services, None, &mut |_| {}).await.unwrap();
    assert_eq!(problems(&app).await, Vec::<String>::new());
}

/// A user without a tag is refused: what sealed everything else anew says so.
#[tokio::test]
async fn a_rotation_says_whose_tag_is_missing() {
    let app = TestApp::start().await;
    filled(&app).await;
    app.sql("DELETE FROM factor_sets").await;
    add(&app.services).await.unwrap();
    for _ in 0..2 {
        let refused = rotate(&app.services, None, &mut |_| {}).await.unwrap_err();
        let users = app.count("users").await;
        for words in [
            &format!("refused: {users}"),
            "keys check",
            "user reset-two-factor",
        ] {
            assert!(refused.to_string().contains(words), "{words}: {refused}");
        }
    }
}

/// A new table with sealed values is walked like the others, or this fails.
#[tokio::test]
async fn every_table_that_names_keys_is_walked() {
    let app = TestApp::start().await;
    if app.is_postgres() {
        return;
    }
    let found = app
        .texts(
            "SELECT DISTINCT tables.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table' AND (columns.name = 'key_id' OR columns.name LIKE 'sealed%')",
        )
        .await;
    let walked = SealedTable::ALL.map(|table| table.name().to_owned());
    assert_eq!(BTreeSet::from_iter(found), BTreeSet::from(walked));
}

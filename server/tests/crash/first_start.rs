//! The first start makes the folder, the database and the keys. Cut off anywhere, the next start makes the rest.

use std::path::Path;

use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use tempfile::tempdir;

use crate::process::{Chance, TWOFOLD, create_user};
use crate::support::{PASSWORD, kill};
use crate::{kills, seed};

/// What a first start makes, in this order; each is a moment from which on a kill is tried.
const MADE: [&str; 4] = ["lock", "twofold.db", "twofold.db-wal", "keys"];

/// Starts, and kills as soon as a file is there, or a little later.
async fn cut_off(folder: &Path, file: &str, chance: &Chance) {
    let mut child = TWOFOLD.spawn_server(folder);
    let path = folder.join(file);
    while !path.exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::hint::spin_loop();
    }
    chance.dawdle();
    kill(&mut child).await;
}

/// However often the first start is cut off, the next one finds nothing in its way.
#[tokio::test]
async fn a_first_start_that_was_cut_off_is_made_up_for() {
    let chance = Chance::new(seed());
    for _ in 0..kills() {
        let folder = tempdir().unwrap();
        for _ in 0..=chance.below(3) {
            cut_off(folder.path(), chance.one_of(&MADE), &chance).await;
        }
        TWOFOLD.serve(folder.path()).await.kill().await;
        // The keys are those of the database, too.
        TWOFOLD.serve(folder.path()).await.kill().await;
    }
}

/// A server and commands that make a folder at the same time agree on its keys.
#[tokio::test]
async fn first_starts_at_the_same_time_agree_on_the_keys() {
    for _ in 0..kills().min(10) {
        let folder = tempdir().unwrap();
        let path = folder.path();
        let users = (0..3).map(|number| {
            let user = NewUser {
                name: "Ada".to_owned(),
                email: format!("ada{number}@example.org"),
                account_name: "Analytical Engines".to_owned(),
                password: SecretText::new(PASSWORD),
            };
            async move { create_user(path, &user).await }
        });
        let all = futures::future::join_all(users);
        let (server, _) = futures::future::join(TWOFOLD.serve(path), all).await;
        server.kill().await;
        TWOFOLD.serve(path).await.kill().await;
    }
}

//! Bulk inserts for load tests. `service::seed` decides what the rows contain.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, Insert, IntoActiveModel,
};
use uuid::Uuid;

use app::types::factors::FactorKind;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::{account, audit_event, factor_set, membership, second_factor, session, user};
use super::factor_sets::FactorSet;

/// Rows of one statement: SQLite takes 32,766 values (`SQLITE_MAX_VARIABLE_NUMBER`).
const ROWS: usize = 1000;

/// A user with what belongs to them.
pub struct SeededUser {
    /// Who.
    pub id: Uuid,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The account they belong to.
    pub account: Uuid,
    /// The name of that account, where they own it.
    pub owns: Option<String>,
    /// The sealed secret of their app and the id of its key, where they have one.
    pub secret: Option<(Vec<u8>, String)>,
    /// The tag over their factors.
    pub factor_set: FactorSet,
    /// Id and token hash of their session, where they have one.
    pub session: Option<(Uuid, Vec<u8>)>,
    /// Ids of the two lines of the log that they are in.
    pub lines: [Uuid; 2],
}

/// Adds users, their accounts, factors, sessions and lines of the log.
pub async fn insert_seeded(
    db: &impl ConnectionTrait,
    users: &[SeededUser],
    password_hash: &str,
    now: Timestamp,
) -> Stored<()> {
    let now = now.seconds();
    let rows = users.iter().map(|one| user_row(one, password_hash, now));
    insert(db, rows).await?;
    insert(db, users.iter().filter_map(|one| account_row(one, now))).await?;
    insert(db, users.iter().map(|one| membership_row(one, now))).await?;
    insert(db, users.iter().filter_map(|one| factor_row(one, now))).await?;
    // After the factors, whose change forgets them.
    insert(db, users.iter().map(set_row)).await?;
    insert(db, users.iter().filter_map(|one| session_row(one, now))).await?;
    insert(db, users.iter().flat_map(|one| lines(one, now))).await
}

async fn insert<A>(db: &impl ConnectionTrait, rows: impl Iterator<Item = A>) -> Stored<()>
where
    A: ActiveModelTrait + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        Insert::many(rows.by_ref().take(ROWS))
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

fn user_row(one: &SeededUser, password_hash: &str, now: i64) -> user::ActiveModel {
    user::ActiveModel {
        id: Set(one.id),
        email: Set(one.email.clone()),
        name: Set(one.name.clone()),
        password_hash: Set(password_hash.to_owned()),
        language: Set(None),
        created_at: Set(now),
        password_changed_at: Set(now),
        email_verified_at: Set(Some(now)),
        disabled_at: Set(None),
        factor_failures: Set(0),
        factor_failed_at: Set(None),
        sign_in_link_due: Set(false),
        last_active_at: Set(Some(now)),
        email_corrected: Set(false),
        had_factor: Set(false),
    }
}

fn account_row(one: &SeededUser, now: i64) -> Option<account::ActiveModel> {
    Some(account::ActiveModel {
        id: Set(one.account),
        name: Set(one.owns.clone()?),
        created_at: Set(now),
        owner_id: Set(one.id),
        required_from: Set(None),
        trusted_browsers_allowed: Set(true),
        sms_counts: Set(false),
        settings_version: Set(1),
        settings_changed_at: Set(None),
        settings_changed_by: Set(None),
    })
}

fn membership_row(one: &SeededUser, now: i64) -> membership::ActiveModel {
    membership::ActiveModel {
        account_id: Set(one.account),
        user_id: Set(one.id),
        roles: Set(0),
        joined_at: Set(now),
        last_used_at: Set(None),
        ..Default::default()
    }
}

fn factor_row(one: &SeededUser, now: i64) -> Option<second_factor::ActiveModel> {
    let (sealed_secret, key_id) = one.secret.clone()?;
    Some(second_factor::ActiveModel {
        user_id: Set(one.id),
        kind: Set(FactorKind::App.word().to_owned()),
        sealed_secret: Set(sealed_secret),
        key_id: Set(key_id),
        enabled_at: Set(now),
        last_step: Set(0),
    })
}

fn set_row(one: &SeededUser) -> factor_set::ActiveModel {
    factor_set::ActiveModel {
        user_id: Set(one.id),
        stamp: Set(one.factor_set.stamp.clone()),
        tag: Set(one.factor_set.tag.clone()),
        key_id: Set(one.factor_set.key_id.clone()),
    }
}

fn session_row(one: &SeededUser, now: i64) -> Option<session::ActiveModel> {
    let (id, token_hash) = one.session.clone()?;
    Some(session::ActiveModel {
        token_hash: Set(token_hash),
        id: Set(id),
        user_id: Set(one.id),
        created_at: Set(now),
        last_active_at: Set(now),
        second_factor_at: Set(None),
        step_up_failures: Set(0),
        address: Set("192.0.2.1".to_owned()),
        browser: Set("Seeded".to_owned()),
        last_address: Set(String::new()),
        trusted_browser_id: Set(None),
    })
}

/// Joining their account and signing in.
fn lines(one: &SeededUser, now: i64) -> [audit_event::ActiveModel; 2] {
    let line = |id, kind: &str, account_id| audit_event::ActiveModel {
        id: Set(id),
        at: Set(now),
        kind: Set(kind.to_owned()),
        actor_kind: Set("user".to_owned()),
        actor_id: Set(Some(one.id)),
        actor_name: Set(one.name.clone()),
        account_id: Set(account_id),
        subject_id: Set(None),
        subject_name: Set(String::new()),
        address: Set("192.0.2.1".to_owned()),
        browser: Set("Seeded".to_owned()),
        details: Set(String::new()),
        data: Set(None),
    };
    [
        line(one.lines[0], "joined", Some(one.account)),
        line(one.lines[1], "signed_in", None),
    ]
}

//! Users.

use std::sync::LazyLock;

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};

use app::types::email::EmailAddress;
use app::types::ids::UserId;
use app::types::name::Name;
use app::types::timestamp::Timestamp;

use super::entity::user::{ActiveModel, Column, Entity, Model};
use super::folded_names::{fold, folding};
use super::own_counts::clear_own_counts;
use super::{AskElsewhere, Database, Stored};
use domain::attempts::Failures;
use domain::user_address::{MailReader, UserAddress};

/// A user as the services need them.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a column of its own, and none follows from another"
)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// Their address.
    pub email: UserAddress,
    /// Their name.
    pub name: String,
    /// The PHC string of their password.
    pub password_hash: String,
    /// Whether the address is proven.
    pub is_email_verified: bool,
    /// Whether it took the place of one that was not proven, by the password alone.
    pub is_email_corrected: bool,
    /// Whether they have, or ever had, a second factor.
    pub had_factor: bool,
    /// Whether an operator has disabled them.
    pub is_disabled: bool,
    /// Whether each sign-in takes a mailed link besides the password: the second factor was reset, and none is on since.
    pub is_sign_in_link_due: bool,
    /// Whether they have ever been signed in.
    pub has_been_active: bool,
    /// When the password was last set.
    pub password_changed_at: Timestamp,
    /// Wrong second factors in a row.
    pub factor_failures: Failures,
}

/// What a new user is made of.
pub struct NewUserRow<'a> {
    /// Who.
    pub id: UserId,
    /// The address they sign in with, verified.
    pub email: &'a EmailAddress,
    /// Their name.
    pub name: &'a Name,
    /// The PHC string of their password.
    pub password_hash: String,
    /// Whether the address is proven: by a mailed link, or by the word of the operator.
    pub is_email_proven: bool,
}

impl User {
    /// Who reads the mail of their address.
    pub const fn mail_reader(&self) -> MailReader {
        MailReader::of(self.is_email_verified)
    }

    /// What an authenticator app calls them: their address, or their name where they have lost it.
    pub fn label(&self) -> &str {
        self.email.in_use().unwrap_or(&self.name)
    }

    /// What a command prints for them and takes in: their address, or their id where they have lost it.
    pub fn for_operator(&self) -> String {
        match self.email.in_use() {
            Some(email) => email.to_owned(),
            None => self.id.to_string(),
        }
    }

    /// Whether the password is still the one that this user had when they were read before. A hash that was renewed
    /// meanwhile, since the parameters have grown, is of the same password; one that was set within the same second has
    /// the parameters of before.
    pub fn has_password_of(&self, before: &Self) -> bool {
        let is_renewed = self.password_changed_at == before.password_changed_at
            && hashed_with(&self.password_hash) != hashed_with(&before.password_hash);
        self.password_hash == before.password_hash || is_renewed
    }
}

/// Algorithm and parameters of a PHC string: what stands before salt and hash.
fn hashed_with(phc: &str) -> Option<&str> {
    phc.rsplitn(3, '$').nth(2)
}

impl From<Model> for User {
    fn from(row: Model) -> Self {
        Self {
            id: UserId::new(row.id),
            email: UserAddress::of_stored(row.email),
            name: row.name,
            password_hash: row.password_hash,
            is_email_verified: row.email_verified_at.is_some(),
            is_email_corrected: row.email_corrected,
            had_factor: row.had_factor,
            is_disabled: row.disabled_at.is_some(),
            is_sign_in_link_due: row.sign_in_link_due,
            has_been_active: row.last_active_at.is_some(),
            password_changed_at: Timestamp(row.password_changed_at),
            factor_failures: Failures {
                in_a_row: u32::try_from(row.factor_failures).unwrap_or(u32::MAX),
                last_at: row.factor_failed_at.map(Timestamp),
            },
        }
    }
}

/// The user of an address.
pub async fn find_user_by_email(
    db: &impl ConnectionTrait,
    email: &EmailAddress,
) -> Stored<Option<User>> {
    let found = find_user_or_stand_in(db, email).await?;
    Ok(found.filter(|user| user.email.is(email)))
}

/// The user of an address, locked until the transaction ends.
pub async fn lock_user_by_email(
    db: &impl ConnectionTrait,
    email: &EmailAddress,
) -> Stored<Option<User>> {
    let Some(found) = find_user_by_email(db, email).await? else {
        return Ok(None);
    };
    let locked = lock_user(db, found.id).await?;
    Ok(locked.filter(|user| user.email.is(email)))
}

/// The user with an address, or a stand-in where there is none, so that both cases cost the same. The stand-in is
/// recognised by its different address.
pub async fn find_user_or_stand_in(
    db: &impl ConnectionTrait,
    email: &EmailAddress,
) -> Stored<Option<User>> {
    Ok(by_email(email.as_str()).one(db).await?.map(User::from))
}

/// The same lookup for sign-in. On SQLite it runs on the calling thread.
pub async fn find_who_signs_in(database: &Database, email: &EmailAddress) -> Stored<Option<User>> {
    static SQL: LazyLock<String> = LazyLock::new(|| by_email("").build(DbBackend::Sqlite).sql);
    // What it compares with, and its limit.
    let key = (email.as_str(), 1);
    match database.at_once(&SQL, key, |row| read_user(row, 0)) {
        Ok(row) => Ok(row.map(User::from).filter(|user| user.email.is(email))),
        Err(AskElsewhere) => find_user_by_email(database.read(), email).await,
    }
}

/// The user of an address, and the first of all where there is none: to find nobody takes as long as to find somebody.
fn by_email(email: &str) -> Select<Entity> {
    let id = || Entity::find().select_only().column(Column::Id);
    let meant = id().filter(Column::Email.eq(email)).into_query();
    let stand_in = id().order_by_asc(Column::Id).limit(1).into_query();
    let whom = Func::coalesce([
        SimpleExpr::SubQuery(None, Box::new(meant.into())),
        SimpleExpr::SubQuery(None, Box::new(stand_in.into())),
    ]);
    Entity::find().filter(Expr::col((Entity, Column::Id)).eq(whom))
}

/// A user out of a row, whose columns begin with the `first` one, in the order of the entity's.
pub(super) fn read_user(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Model> {
    Ok(Model {
        id: row.get(first)?,
        email: row.get(first + 1)?,
        name: row.get(first + 2)?,
        password_hash: row.get(first + 3)?,
        language: row.get(first + 4)?,
        created_at: row.get(first + 5)?,
        password_changed_at: row.get(first + 6)?,
        email_verified_at: row.get(first + 7)?,
        disabled_at: row.get(first + 8)?,
        factor_failures: row.get(first + 9)?,
        factor_failed_at: row.get(first + 10)?,
        sign_in_link_due: row.get(first + 11)?,
        last_active_at: row.get(first + 12)?,
        email_corrected: row.get(first + 13)?,
        had_factor: row.get(first + 14)?,
    })
}

/// The user of an id.
pub async fn find_user(db: &impl ConnectionTrait, id: UserId) -> Stored<Option<User>> {
    Ok(Entity::find_by_id(id.uuid()).one(db).await?.map(User::from))
}

/// The user of an id, locked until the transaction ends: whoever counts or spends for this user waits.
pub async fn lock_user(db: &impl ConnectionTrait, id: UserId) -> Stored<Option<User>> {
    Ok(Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(db)
        .await?
        .map(User::from))
}

/// Locks users in the order of their ids, for an act of one on another: two who act on each other at once would wait for
/// each other otherwise.
pub async fn lock_users<const N: usize>(
    db: &impl ConnectionTrait,
    mut ids: [UserId; N],
) -> Stored<()> {
    ids.sort_unstable();
    for id in ids {
        lock_user(db, id).await?;
    }
    Ok(())
}

/// Whether any user exists.
pub async fn has_users(db: &impl ConnectionTrait) -> Stored<bool> {
    Ok(Entity::find().limit(1).count(db).await? > 0)
}

/// Adds a user; a duplicate address is an error that says so.
pub async fn insert_user(
    db: &impl ConnectionTrait,
    user: NewUserRow<'_>,
    now: Timestamp,
) -> Stored<()> {
    let row = ActiveModel {
        id: Set(user.id.uuid()),
        email: Set(user.email.as_str().to_owned()),
        name: Set(user.name.as_str().to_owned()),
        password_hash: Set(user.password_hash),
        language: Set(None),
        created_at: Set(now.seconds()),
        password_changed_at: Set(now.seconds()),
        email_verified_at: Set(user.is_email_proven.then_some(now.seconds())),
        disabled_at: Set(None),
        factor_failures: Set(0),
        factor_failed_at: Set(None),
        sign_in_link_due: Set(false),
        last_active_at: Set(None),
        email_corrected: Set(false),
        had_factor: Set(false),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    fold(db, user.id, user.name.as_str()).await
}

/// Stores the same password under today's parameters, unless it was changed meanwhile.
pub async fn update_password_hash(
    db: &impl ConnectionTrait,
    id: UserId,
    from: &str,
    to: String,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(to))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::PasswordHash.eq(from))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends the row of wrong second factors, of all browsers.
pub async fn clear_factor_failures(db: &impl ConnectionTrait, id: UserId) -> Stored<()> {
    set_factor_failures(db, id, Failures::default()).await?;
    clear_own_counts(db, id).await
}

/// Sets how many second factors in a row were wrong. The caller has locked the user.
pub async fn set_factor_failures(
    db: &impl ConnectionTrait,
    id: UserId,
    failures: Failures,
) -> Stored<()> {
    let in_a_row = i32::try_from(failures.in_a_row).unwrap_or(i32::MAX);
    let last_at = failures.last_at.map(Timestamp::seconds);
    Entity::update_many()
        .col_expr(Column::FactorFailures, Expr::value(in_a_row))
        .col_expr(Column::FactorFailedAt, Expr::value(last_at))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends the pause that wrong second factors have led to. Their number stays, and what it has closed stays closed.
pub async fn clear_factor_pause(db: &impl ConnectionTrait, id: UserId) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::FactorFailedAt, Expr::value(Option::<i64>::None))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Says whether each sign-in of a user takes a mailed link besides the password, until a factor is on.
pub async fn set_sign_in_link_due(db: &impl ConnectionTrait, id: UserId, due: bool) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::SignInLinkDue, Expr::value(due))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes that a factor of a user is on: it is proof enough, so no sign-in takes a mailed link any more. Where whoever let
/// them in `vouches` for it, the address is as good as a proven one.
pub async fn note_factor_on(db: &impl ConnectionTrait, id: UserId, vouches: bool) -> Stored<()> {
    let mut update = Entity::update_many().col_expr(Column::SignInLinkDue, Expr::value(false));
    if vouches {
        update = update.col_expr(Column::EmailCorrected, Expr::value(false));
    }
    update.filter(Column::Id.eq(id.uuid())).exec(db).await?;
    Ok(())
}

/// Notes that a user is there.
pub async fn note_activity(db: &impl ConnectionTrait, id: UserId, now: Timestamp) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::LastActiveAt, Expr::value(now.seconds()))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Sets another password.
pub async fn set_password(
    db: &impl ConnectionTrait,
    id: UserId,
    password_hash: String,
    now: Timestamp,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(password_hash))
        .col_expr(Column::PasswordChangedAt, Expr::value(now.seconds()))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Gives a user another name.
pub async fn set_name(db: &impl ConnectionTrait, id: UserId, name: &Name) -> Stored<()> {
    let (column, folded) = folding(name.as_str());
    Entity::update_many()
        .col_expr(Column::Name, Expr::value(name.as_str()))
        .col_expr(column, folded)
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Gives a user another address, verified just now; one that has a user is an error that says so.
pub async fn set_email(
    db: &impl ConnectionTrait,
    id: UserId,
    email: &EmailAddress,
    is_corrected: bool,
    now: Timestamp,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::Email, Expr::value(email.as_str()))
        .col_expr(Column::EmailVerifiedAt, Expr::value(now.seconds()))
        .col_expr(Column::EmailCorrected, Expr::value(is_corrected))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Disables a user from a moment on, or enables them again: true when it changed something.
pub async fn set_disabled(
    db: &impl ConnectionTrait,
    id: UserId,
    since: Option<Timestamp>,
) -> Stored<bool> {
    let before = if since.is_some() {
        Column::DisabledAt.is_null()
    } else {
        Column::DisabledAt.is_not_null()
    };
    let done = Entity::update_many()
        .col_expr(
            Column::DisabledAt,
            Expr::value(since.map(Timestamp::seconds)),
        )
        .filter(Column::Id.eq(id.uuid()))
        .filter(before)
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Removes a user with everything that is theirs; the log keeps what they did.
pub async fn delete_user(db: &impl ConnectionTrait, id: UserId) -> Stored<bool> {
    let done = Entity::delete_by_id(id.uuid()).exec(db).await?;
    Ok(done.rows_affected == 1)
}

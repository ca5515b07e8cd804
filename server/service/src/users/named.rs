//! What the operator should know of the address that a command named, since another may sign in by it than they think of.

use app::types::email::EmailAddress;
use app::types::ids::UserId;

use crate::{Outcome, Services};
use storage::lost_addresses::find_who_has_lost;
use storage::users::{find_user, find_user_by_email};

/// Who is behind an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// Whether the user who has it has never shown that they read its mail.
    pub is_unproven: bool,
    /// Another user, who has lost it and signs in by it.
    pub also: Option<UserId>,
    /// Whether the user is disabled: nothing lets them in.
    pub is_disabled: bool,
}

/// Who is behind the address, or the id, that a command was given.
///
/// # Errors
/// Faults of the database.
pub async fn behind(services: &Services, who: &str) -> Outcome<Behind> {
    let db = services.database.read();
    let Ok(email) = EmailAddress::parse(who) else {
        let user = match who.trim().parse() {
            Ok(id) => find_user(db, id).await?,
            Err(_) => None,
        };
        return Ok(Behind {
            is_disabled: user.is_some_and(|user| user.is_disabled),
            ..Behind::default()
        });
    };
    let holder = find_user_by_email(db, &email).await?;
    let lost = find_who_has_lost(&services.database, &email, services.now()).await?;
    Ok(Behind {
        is_disabled: holder.as_ref().is_some_and(|user| user.is_disabled),
        is_unproven: holder.is_some_and(|user| !user.mail_reader().may_act_for_user()),
        also: lost.user.map(|user| user.id),
    })
}

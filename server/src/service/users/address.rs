//! The operator gives a user another address.

use app::error::{ApiError, Field, Problem};

use super::{lock_named, parse_email, taken};
use crate::domain::ends::Occasion;
use crate::service::audit::{About, Actor, Event, record};
use crate::service::ends::{Concerned, end};
use crate::service::letters::{Addressed, Letter, queue};
use crate::service::{Outcome, Services};
use crate::storage::ephemeral::Of;
use crate::storage::refused_mailboxes::forget_refused_mailbox;
use crate::storage::users::set_email;

/// Gives a user another address, or says that the one in use is theirs. The word of whoever runs the server is good for it.
/// Their sessions end, and what was mailed to the address before; both addresses are told.
///
/// # Errors
/// Refuses what is no address, one that a user has, and a user who is not there.
pub async fn set(services: &Services, who: &str, to: &str) -> Outcome<()> {
    let email = parse_email(to).map_err(|problem| ApiError::field(Field::Email, problem))?;
    let transaction = services.database.begin_write().await?;
    let user = lock_named(&transaction, who).await?;
    if user.email.is(&email) && user.is_email_verified && !user.is_email_corrected {
        return Err(ApiError::field(Field::Email, Problem::Unchanged).into());
    }
    set_email(&transaction, user.id, &email, false, services.now())
        .await
        .map_err(|error| taken(error.into()))?;
    let (occasion, nothing) = (Occasion::AddressChanged, Concerned::default());
    end(&transaction, occasion, Of::User(user.id), nothing).await?;
    let letter = Letter::AddressSetByOperator { to: &email };
    if let Some(before) = user.email.in_use() {
        forget_refused_mailbox(&transaction, before).await?;
    }
    if !user.email.is(&email) {
        queue(services, &transaction, (&user).into(), &letter).await?;
    }
    let at_new = Addressed {
        email: Some(email.as_str()),
        ..(&user).into()
    };
    queue(services, &transaction, at_new, &letter).await?;
    let about = About {
        account: None,
        subject: Some((user.id, &user.name)),
    };
    let event = Event::EmailChanged {
        email: email.as_str().to_owned(),
    };
    record(services, &transaction, Actor::Operator, &event, about).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}

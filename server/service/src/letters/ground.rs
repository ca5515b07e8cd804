//! What a letter stands by while it waits: the row of the link, code or offer that it brings. What ends the row (`domain::ends`)
//! makes the letter void, whoever ends it and wherever: nothing else has to know which letters wait.

use app::types::ids::AccountId;
use data_encoding::HEXLOWER;

use super::Letter;
use super::queue::PURPOSE;
use crate::change::Change;
use crate::mail_text::{MailGround, MailText};
use crate::{Outcome, Services, invitations, passwords, profile, sign_in, sign_up, team};
use crypto::token::Token;
use domain::ends::Ephemeral;
use domain::offers::TRANSFER_LIFE;
use storage::ephemeral::{has_row_of_token, place};
use storage::mails::{mails_queued_at, take_back_mail};
use storage::transfer_offers::{TransferOffer, find_transfer_offer};

/// What a letter stands by, as its mail keeps it: the table of its line, and what the row is found by.
pub fn ground_of(letter: &Letter<'_>) -> Option<MailGround> {
    let what = letter.kind().rule().stands_by?;
    let by_token = |token: &Token, purpose| HEXLOWER.encode(&token.hash(purpose));
    let key = match *letter {
        Letter::TwoFactorResetOffered { token, .. } => by_token(token, team::reset::PURPOSE),
        Letter::SignUpLink { token } | Letter::SignUpHeld { token } => {
            by_token(token, sign_up::PURPOSE)
        }
        Letter::PasswordResetLink { token, .. } => by_token(token, passwords::PURPOSE),
        Letter::SignInLink { token, .. } => by_token(token, sign_in::PURPOSE_OF_LINK),
        Letter::AddressLink { token } => by_token(token, profile::email::PURPOSE),
        Letter::Invitation { token, .. } => by_token(token, invitations::PURPOSE),
        Letter::MailboxCode { tag, .. } => HEXLOWER.encode(tag),
        Letter::TransferOffered { of, offer, .. } => key_of_offer(of, &offer),
        _ => return None,
    };
    Some(MailGround {
        table: place(what).table.to_owned(),
        key,
    })
}

/// Takes the letter that offers an account out of the queue, where it has waited since it was written: true when it was there.
/// Whoever was to get it has not heard of the offer, and is not told either that it is over.
///
/// # Errors
/// Faults of the database.
pub async fn take_back_offer_letter(
    change: &Change<'_>,
    account: AccountId,
    offer: &TransferOffer,
) -> Outcome<bool> {
    let made_at = offer.expires_at - TRANSFER_LIFE;
    let key = key_of_offer(account, offer);
    for (id, sealed) in mails_queued_at(change.db(), made_at).await? {
        let keys = &change.services.keys;
        let Ok(plain) = keys.open(PURPOSE, &id.to_string(), &sealed) else {
            continue;
        };
        let mail: Option<MailText> = serde_json::from_slice(&plain).ok();
        let ground = mail.and_then(|mail| mail.stands_by);
        if ground.is_some_and(|ground| ground.key == key) {
            return Ok(take_back_mail(change.db(), id).await?);
        }
    }
    Ok(false)
}

fn key_of_offer(account: AccountId, offer: &TransferOffer) -> String {
    let (from, to, until) = (offer.from, offer.to, offer.expires_at.seconds());
    format!("{account} {from} {to} {until}")
}

/// Whether what a mail stands by is still there. One that names a table which this version does not know is of a newer one,
/// whose server put it into the queue: it is sent, as every mail was before.
///
/// # Errors
/// Faults of the database.
pub async fn stands(services: &Services, mail: &MailText) -> Outcome<bool> {
    let Some(MailGround { table, key }) = &mail.stands_by else {
        return Ok(true);
    };
    let db = services.database.read();
    let what = Ephemeral::ALL
        .into_iter()
        .find(|what| place(*what).table == table.as_str());
    Ok(match what {
        None => true,
        Some(Ephemeral::TransferOffers | Ephemeral::TransferOffersMade) => {
            let account = key.split(' ').next().and_then(|id| id.parse().ok());
            let Some(account) = account else {
                return Ok(false);
            };
            let offer = find_transfer_offer(db, account, services.now()).await?;
            offer.is_some_and(|offer| key_of_offer(account, &offer) == *key)
        }
        Some(what) => match HEXLOWER.decode(key.as_bytes()) {
            Ok(hash) => has_row_of_token(db, what, hash).await?,
            Err(_) => false,
        },
    })
}

//! What a letter stands by while it waits: the row of the link, code or offer that it brings. What ends the row (`domain::ends`)
//! makes the letter void, whoever ends it and wherever: nothing else has to know which letters wait.

use app::types::ids::AccountId;
use data_encoding::HEXLOWER;

use super::Letter;
use crate::mail_text::{MailGround, MailText};
use crate::{Outcome, Services, invitations, passwords, profile, sign_in, sign_up, team};
use crypto::token::Token;
use domain::ends::Ephemeral;
use storage::ephemeral::{has_row_of_token, place};
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

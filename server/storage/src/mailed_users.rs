//! Users as letters to many of them need them.

use uuid::Uuid;

use app::types::ids::UserId;
use domain::user_address::{MailReader, UserAddress};

/// Somebody who is to be mailed.
pub struct MailedUser {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: UserAddress,
    /// Who reads its mail.
    pub reader: MailReader,
}

/// The columns of a row: id, name, address, and when it was proven.
pub(crate) type MailedColumns = (Uuid, String, String, Option<i64>);

impl From<MailedColumns> for MailedUser {
    fn from((id, name, email, verified_at): MailedColumns) -> Self {
        Self {
            id: UserId::new(id),
            name,
            email: UserAddress::of_stored(email),
            reader: MailReader::of(verified_at.is_some()),
        }
    }
}

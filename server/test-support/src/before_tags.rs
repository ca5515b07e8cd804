//! What a database says that a server wrote which knew no tags of factors.

use super::TestApp;

impl TestApp {
    /// The database says that such a server may still work on it: its check of the keys is as one wrote it.
    pub async fn check_keys_as_before_tags(&self) {
        let keys = self.services.keys.ring();
        let text = b"these keys fit this database";
        let check = keys.seal(self.services.random.as_ref(), "key check", "instance", text);
        let check = self.bytes(&data_encoding::HEXLOWER.encode(&check));
        self.sql(&format!("UPDATE instance SET key_check = {check}"))
            .await;
    }
}

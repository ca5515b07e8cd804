//! Settings of the audit log.

use serde::{Deserialize, Serialize};

/// How long lines of the audit log are kept.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Audit {
    /// In days; 0 keeps all of them. Without it a new database keeps them for 400 days, and one that an earlier version
    /// began keeps all until something is set.
    pub keep_days: Option<u32>,
}

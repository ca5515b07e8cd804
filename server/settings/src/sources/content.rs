//! Files that settings name, whose content is the value.

use std::path::Path;

use zeroize::Zeroizing;

use crate::problem::SettingsProblem;
use crate::shown;
use files::trusted_files;
use files::trusted_files::reading::{ContentSource, read_text, special};

/// The text of a file, without the mark that some editors put at its beginning.
pub(super) fn text_of(path: &Path, most: ContentSource) -> std::io::Result<Zeroizing<String>> {
    read_text(path, most).map(without_mark)
}

pub(super) fn without_mark(text: Zeroizing<String>) -> Zeroizing<String> {
    let bare = text.strip_prefix('\u{feff}').map(str::to_owned);
    bare.map_or(text, Zeroizing::new)
}

/// The content of a file that a setting names, without the line's end that editors put there.
///
/// # Errors
/// Names the setting, and says why the file cannot be relied on or read.
pub(super) fn content(setting: &str, path: &Path) -> Result<String, SettingsProblem> {
    let shown = path.display();
    let refuse = |reason: String| SettingsProblem::value(setting, reason);
    // A value that was put where its file belongs may be a secret, which is not shown.
    if path.to_string_lossy().contains("://") {
        return Err(refuse(
            "takes the path of a file, not the URL itself".to_owned(),
        ));
    }
    if !shown::is_path(path) {
        return Err(refuse(
            "takes the path of a file, and there is none; what was given is not shown, since it may be the secret itself"
                .to_owned(),
        ));
    }
    // Owner and mode of a device are not what is wrong with it.
    if let Some(kind @ ("a device" | "a socket")) = special(path) {
        return Err(refuse(format!(
            "cannot be used: {shown} is {kind}, and no file"
        )));
    }
    trusted_files::judge(&trusted_files::this_process(), path)
        .map_err(|reason| refuse(format!("cannot be used: {reason}")))?;
    let text = text_of(path, ContentSource::Pipe);
    let text = text.map_err(|error| refuse(format!("cannot be used: {shown}: {error}")))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(refuse(format!("cannot be used: {shown} is empty")));
    }
    Ok(text.to_owned())
}

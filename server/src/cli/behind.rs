//! What commands say of the address that they were given: that nobody has proven it, and that another signs in by it.

use super::output::print;
use super::refusal_words::line;
use service::Services;
use service::users::named::{Behind, behind};

/// What a command has done for the user whom it named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GivenBy {
    /// It gave a right to whoever signs in as them.
    Right,
    /// Nothing that another could take.
    Nothing,
    /// Nothing: it took every way in from them.
    NoWayIn,
}

/// Says it on lines of their own.
pub(super) async fn say_who_is_behind(
    services: &Services,
    who: &str,
    given: GivenBy,
) -> Result<(), String> {
    let found = behind(services, who).await;
    let found = found.map_err(|failure| line(failure, "there is no user with that address"))?;
    for warning in warnings(who, found, given) {
        print(&warning)?;
    }
    Ok(())
}

fn warnings(who: &str, behind: Behind, given: GivenBy) -> Vec<String> {
    let mut said = Vec::new();
    if behind.is_unproven && given == GivenBy::Right {
        said.push(format!(
            "warning: nobody has shown that they read mail at {who}. Whoever signs in first with that user's password gets \
             what was given. Where you are not sure that they alone know it, use \
             `twofold user set-email --email {who} --to ADDRESS` with an address that they read, let them set a new \
             password by mail, and give it then."
        ));
    }
    if behind.is_disabled && given != GivenBy::NoWayIn {
        said.push(format!(
            "warning: {who} is disabled: nobody signs in as that user before `twofold user enable --email {who}`."
        ));
    }
    if let Some(other) = behind.also {
        said.push(format!(
            "warning: this was about the user who has {who} now. Another, {other}, has lost that address and signs in by it \
             for now, with their own password: nothing was done to them. Commands take {other} for them."
        ));
    }
    said
}

#[cfg(test)]
mod tests {
    use app::types::ids::UserId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn who_else_may_be_behind_an_address_is_said() {
        let other = Some(UserId::new(Uuid::from_u128(7)));
        for (is_unproven, also, is_disabled, given, count) in [
            (false, None, false, GivenBy::Right, 0),
            (true, None, false, GivenBy::Nothing, 0),
            (true, None, false, GivenBy::Right, 1),
            (false, other, false, GivenBy::Nothing, 1),
            (true, other, false, GivenBy::Right, 2),
            (false, None, true, GivenBy::Nothing, 1),
            (true, other, true, GivenBy::Right, 3),
            (false, None, true, GivenBy::NoWayIn, 0),
        ] {
            let behind = Behind {
                is_unproven,
                also,
                is_disabled,
            };
            let said = warnings("grace@example.org", behind, given);
            assert_eq!(said.len(), count, "{said:?}");
            assert!(said.iter().all(|line| line.contains("grace@example.org")));
        }
    }
}

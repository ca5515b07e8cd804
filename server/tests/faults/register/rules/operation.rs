//! The server as a program: its data, its machine, several of it, and the operator.

use crate::register::entry::Rule;
use crate::register::entry::Tried::By;
use crate::register::program::List::{Commands, OfSession};

pub(crate) const REPLICAS: Rule = Rule::inside(
    "servers share everything but memory",
    "What a sign-in, a set-up or a limit rests on is in the database: any server answers any step, and a restart loses nothing.",
);

pub(crate) const KEYS: Rule = Rule {
    name: "keys lie apart and are checked",
    says: "Keys are of the operator's, not of a session or a process: without the right ones nothing starts or is restored, and servers \
           with other keys are found out; a change of keys loses nothing.",
    doors: &[],
    walks: &[],
    each: &[
        (
            "command serve",
            By("api/restart: without_its_keys_the_server_does_not_start"),
        ),
        (
            "command keys check",
            By("keeping/keys: check_names_the_key_that_is_missing_or_wrong"),
        ),
        (
            "command keys add",
            By("keeping/keys: a_key_is_added_rotated_to_and_dropped_and_each_is_in_the_log"),
        ),
        (
            "command keys rotate",
            By(
                "keeping/rotation: a_rotation_that_is_killed_at_any_moment_loses_nothing_and_goes_on",
            ),
        ),
        (
            "command keys drop",
            By(
                "keeping/rotation: users_sign_in_and_enrol_all_the_while_and_a_dropped_key_is_missed_by_nobody",
            ),
        ),
        (
            "command restore",
            By("keeping/unfit: a_restore_wants_the_right_keys_an_empty_folder_and_no_server"),
        ),
        (
            "command user reset-all-two-factor",
            By(
                "keeping/lost_keys: lost_keys_end_the_factors_under_them_by_one_command_that_asks_first",
            ),
        ),
    ],
};

pub(crate) const BACKUP: Rule = Rule {
    name: "a backup is whole, or refused",
    says: "A backup comes back whole, under its keys and into an empty place, or is refused; nothing that was open in it is open after.",
    doors: &[],
    walks: &[],
    each: &[
        (
            "command backup",
            By("keeping/backup: a_backup_under_load_comes_back_as_a_server_that_asks_for_the_code"),
        ),
        (
            "command restore",
            By(
                "keeping/unfit: a_backup_that_is_damaged_cut_changed_foreign_or_newer_is_refused_in_one_line",
            ),
        ),
        (
            "occasion Restored",
            By("keeping/restore: nothing_that_was_open_in_a_backup_is_open_after_it_is_restored"),
        ),
    ],
};

pub(crate) const UPGRADE: Rule = Rule::inside(
    "an upgrade leaves everybody as they were",
    "Databases of every earlier schema are brought up to date, everybody in them signs in as before, and who had a second factor is asked for it.",
);

pub(crate) const COMMANDS: Rule = Rule {
    name: "every command says what it did",
    says: "Every command of the operator leaves a line in the log, makes no database to answer for it, and refuses where servers are at work \
           on what it would change.",
    doors: &[Commands],
    walks: &[(
        Commands,
        "keeping/audited: every_command_leaves_a_line_in_the_log",
    )],
    each: &[
        (
            "command restore",
            By("replicas/in_place: a_database_that_servers_use_is_settled_only_by_force"),
        ),
        (
            "command user list",
            By("api/places: no_command_makes_a_database_to_answer_for_it"),
        ),
    ],
};

pub(crate) const SETTINGS: Rule = Rule::inside(
    "settings are read once, whole and aloud",
    "A setting is parsed once; what cannot be used, or is a way on which others read along, is refused or warned of by name with its reason, \
     and nothing of a secret value is said.",
);

pub(crate) const DATABASE: Rule = Rule::inside(
    "a failing database is for now",
    "A database that is away, full, read-only or has failed over refuses for now and loses nothing, the readiness probe says so, and nothing \
     needs a restart.",
);

pub(crate) const TIME: Rule = Rule::inside(
    "a clock brings nothing back",
    "Moments are seconds of UTC; a clock that is set back or ahead takes no code twice, brings nothing back, and shuts nobody out.",
);

pub(crate) const GROWTH: Rule = Rule::walked(
    "what grows is bounded",
    "Memory, connections, queues and rows that people can cause are bounded, by who causes them: each function for a session either \
     reads or takes a try off its user's budget.",
    &[OfSession],
    &[(
        OfSession,
        "faults/budgets: every_act_that_writes_is_budgeted",
    )],
);

pub(crate) const LOCAL: Rule = Rule::inside(
    "files are for the program alone",
    "Folders and files of the program are readable by its own user alone, whatever the umask.",
);

pub(crate) const GUARD: Rule = Rule::inside(
    "refusals can be guarded on",
    "Each refused guess and each spent limit is a line of the log with the client's address.",
);

pub(crate) const WHOLE: Rule = Rule::inside(
    "a repair is of the whole kind",
    "A fault that was mended at one door is tried at all of them, in every order of what people do, and each door has to enter the lists by \
     which it is tried.",
);

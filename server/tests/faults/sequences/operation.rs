//! What may happen in a sequence, and how sequences are drawn. A sequence that fails is cut down to the operations that
//! matter, and printed as these are written.

use proptest::prelude::*;

pub(super) const USERS: usize = 2;
pub(super) const BROWSERS: usize = 3;

/// One thing that somebody does, or that happens.
#[derive(Clone, Debug)]
pub(super) enum Operation {
    Password {
        browser: usize,
        user: usize,
        is_right: bool,
    },
    Code {
        browser: usize,
        code: Code,
        trust: bool,
    },
    RecoveryCode {
        browser: usize,
        code: RecoveryCode,
    },
    Begin {
        browser: usize,
        replace: bool,
        proof: Proof,
    },
    Confirm {
        browser: usize,
        code: Code,
    },
    Disable {
        browser: usize,
        proof: Proof,
    },
    NewRecoveryCodes {
        browser: usize,
        proof: Proof,
    },
    ChangePassword {
        browser: usize,
        proof: Proof,
    },
    ResetPassword {
        user: usize,
    },
    EndOtherSessions {
        browser: usize,
    },
    SignOut {
        browser: usize,
    },
    State {
        browser: usize,
    },
    /// As if so many codes in a row had been wrong, the last one now.
    Guessed {
        user: usize,
        times: u32,
    },
    Wait {
        seconds: i64,
    },
    Restart,
}

/// A code of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// Of so many steps after the present one.
    OfStep(i64),
    /// The one that was accepted last.
    Again,
    Wrong,
    Unfinished,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecoveryCode {
    Fresh,
    Spent,
    Wrong,
    Unfinished,
}

/// What is given at an act that takes a step-up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Proof {
    pub(super) is_password_right: bool,
    pub(super) code: Given,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Given {
    Nothing,
    App(Code),
    Recovery(RecoveryCode),
}

fn code() -> impl Strategy<Value = Code> {
    prop_oneof![
        6 => (-1..=1_i64).prop_map(Code::OfStep),
        1 => prop_oneof![Just(-2), Just(3), Just(-20), Just(25)].prop_map(Code::OfStep),
        2 => Just(Code::Again),
        2 => Just(Code::Wrong),
        1 => Just(Code::Unfinished),
    ]
}

fn recovery_code() -> impl Strategy<Value = RecoveryCode> {
    prop_oneof![
        4 => Just(RecoveryCode::Fresh),
        2 => Just(RecoveryCode::Spent),
        1 => Just(RecoveryCode::Wrong),
        1 => Just(RecoveryCode::Unfinished),
    ]
}

fn proof() -> impl Strategy<Value = Proof> {
    let given = prop_oneof![
        2 => Just(Given::Nothing),
        4 => code().prop_map(Given::App),
        1 => recovery_code().prop_map(Given::Recovery),
    ];
    (prop::bool::weighted(0.85), given).prop_map(|(is_password_right, code)| Proof {
        is_password_right,
        code,
    })
}

fn seconds() -> impl Strategy<Value = i64> {
    const DAY: i64 = 86_400;
    prop_oneof![
        6 => prop_oneof![Just(1), Just(29), Just(30), Just(31), Just(61)],
        3 => prop_oneof![Just(600), Just(601), Just(900), Just(901), Just(1800)],
        2 => prop_oneof![Just(3600), Just(3601), Just(DAY), Just(DAY + 1)],
        1 => prop_oneof![Just(7 * DAY), Just(30 * DAY), Just(30 * DAY + 1)],
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let (browser, user) = (0..BROWSERS, 0..USERS);
    let one = browser.clone();
    let at = move || one.clone();
    prop_oneof![
        8 => (at(), user.clone(), prop::bool::weighted(0.9))
            .prop_map(|(browser, user, is_right)| Operation::Password { browser, user, is_right }),
        10 => (at(), code(), any::<bool>())
            .prop_map(|(browser, code, trust)| Operation::Code { browser, code, trust }),
        4 => (at(), recovery_code())
            .prop_map(|(browser, code)| Operation::RecoveryCode { browser, code }),
        5 => (at(), prop::bool::weighted(0.3), proof())
            .prop_map(|(browser, replace, proof)| Operation::Begin { browser, replace, proof }),
        6 => (at(), code()).prop_map(|(browser, code)| Operation::Confirm { browser, code }),
        2 => (at(), proof()).prop_map(|(browser, proof)| Operation::Disable { browser, proof }),
        2 => (at(), proof())
            .prop_map(|(browser, proof)| Operation::NewRecoveryCodes { browser, proof }),
        1 => (at(), proof())
            .prop_map(|(browser, proof)| Operation::ChangePassword { browser, proof }),
        1 => user.clone().prop_map(|user| Operation::ResetPassword { user }),
        1 => at().prop_map(|browser| Operation::EndOtherSessions { browser }),
        1 => at().prop_map(|browser| Operation::SignOut { browser }),
        3 => at().prop_map(|browser| Operation::State { browser }),
        1 => (user, prop_oneof![Just(9), Just(14), Just(99), Just(100)])
            .prop_map(|(user, times)| Operation::Guessed { user, times }),
        8 => seconds().prop_map(|seconds| Operation::Wait { seconds }),
        1 => Just(Operation::Restart),
    ]
}

/// How most sequences begin: somebody enables two-factor authentication.
fn opening() -> Vec<Operation> {
    let proof = Proof {
        is_password_right: true,
        code: Given::Nothing,
    };
    vec![
        Operation::Password {
            browser: 0,
            user: 0,
            is_right: true,
        },
        Operation::Begin {
            browser: 0,
            replace: false,
            proof,
        },
        Operation::Confirm {
            browser: 0,
            code: Code::OfStep(0),
        },
        Operation::Password {
            browser: 1,
            user: 0,
            is_right: true,
        },
    ]
}

/// What people do in one go: most operations alone lead nowhere, since another has to come before.
fn deed() -> impl Strategy<Value = Vec<Operation>> {
    let sign_in = (0..BROWSERS, 0..USERS, any::<bool>(), any::<bool>()).prop_map(
        |(browser, user, by_recovery_code, trust)| {
            let second = if by_recovery_code {
                let code = RecoveryCode::Fresh;
                Operation::RecoveryCode { browser, code }
            } else {
                let code = Code::OfStep(0);
                Operation::Code {
                    browser,
                    code,
                    trust,
                }
            };
            let password = Operation::Password {
                browser,
                user,
                is_right: true,
            };
            vec![Operation::Wait { seconds: 30 }, password, second]
        },
    );
    let enrol = (0..BROWSERS, any::<bool>()).prop_map(|(browser, replace)| {
        let proof = Proof {
            is_password_right: true,
            code: Given::Recovery(RecoveryCode::Fresh),
        };
        let code = Code::OfStep(0);
        vec![
            Operation::Begin {
                browser,
                replace,
                proof,
            },
            Operation::Confirm { browser, code },
        ]
    });
    prop_oneof![
        3 => operation().prop_map(|one| vec![one]),
        2 => sign_in,
        1 => enrol,
    ]
}

/// Sequences of up to so many deeds.
pub(super) fn sequences(length: usize) -> impl Strategy<Value = Vec<Operation>> {
    let rest = prop::collection::vec(deed(), 1..=length);
    (prop::bool::weighted(0.8), rest).prop_map(|(has_opening, rest)| {
        let mut all = if has_opening { opening() } else { Vec::new() };
        all.extend(rest.into_iter().flatten());
        all
    })
}

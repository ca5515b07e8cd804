use super::*;

#[test]
fn a_first_factor_takes_the_mailbox_or_somebody_who_lets_the_user_in() {
    use {Address as A, Allowance as L, HasFactor as H, MailboxProof as P};
    let ok = |ground| Ok(Admitted(ground));
    let admit = |has, proof, allowance, address| {
        super::admit(Evidence {
            has,
            proof,
            allowance,
            address,
        })
    };
    let (code, reach) = (Err(NotAdmitted::CodeDue), Err(NotAdmitted::NotReachable));
    let proven = [
        (P::None, L::None, code),
        (P::Browser, L::None, ok(Ground::KnownBrowser)),
        (P::Code, L::None, ok(Ground::MailboxCode)),
    ];
    for (proof, allowance, expected) in proven {
        assert_eq!(admit(H::No, proof, allowance, A::Proven), expected);
        assert_eq!(admit(H::No, proof, allowance, A::NotProven), reach);
        assert_eq!(admit(H::No, proof, allowance, A::Corrected), reach);
    }
    let by = [
        (LetInBy::Operator, Ground::Allowance),
        (LetInBy::Owner, Ground::OwnersAllowance),
    ];
    for proof in [P::None, P::Browser, P::Code] {
        for address in [A::Proven, A::NotProven, A::Corrected] {
            for (by, ground) in by {
                let let_in = admit(H::No, proof, L::InThisSession(by), address);
                assert_eq!(let_in, ok(ground), "{proof:?} {address:?}");
            }
            for allowance in [L::None, L::InThisSession(LetInBy::Owner)] {
                let replaced = admit(H::Yes, proof, allowance, address);
                assert_eq!(replaced, ok(Ground::FactorBefore));
            }
        }
    }
}

#[test]
fn what_an_enrolment_began_with_is_asked_for_again_where_it_is_finished() {
    use {Address as A, Allowance as L, HasFactor as H, MailboxProof as P};
    let by = L::InThisSession;
    let all = [
        Ground::FactorBefore,
        Ground::KnownBrowser,
        Ground::MailboxCode,
        Ground::Allowance,
        Ground::OwnersAllowance,
        Ground::Operator,
    ];
    for address in [A::Proven, A::NotProven, A::Corrected] {
        let is_proven = address == A::Proven;
        for proof in [P::None, P::Browser] {
            for allowance in [L::None, by(LetInBy::Operator), by(LetInBy::Owner)] {
                for has in [H::No, H::Yes] {
                    let now = Evidence {
                        has,
                        proof,
                        allowance,
                        address,
                    };
                    assert_eq!(finish(now, None), None);
                    for ground in all {
                        let stands = match ground {
                            Ground::FactorBefore => has == H::Yes,
                            // A factor that came first is not replaced by what was to be a first one.
                            _ if has == H::Yes => false,
                            Ground::KnownBrowser => is_proven && proof == P::Browser,
                            Ground::MailboxCode => is_proven,
                            Ground::Allowance => allowance == by(LetInBy::Operator),
                            Ground::OwnersAllowance => allowance == by(LetInBy::Owner),
                            Ground::Operator => false,
                        };
                        let expected = stands.then_some(Admitted(ground));
                        assert_eq!(finish(now, Some(ground)), expected, "{ground:?} {now:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn an_owner_speaks_for_who_belongs_to_their_account_alone() {
    let id = |at: u128| uuid::Uuid::from_u128(at);
    let belongs = |account, owner| Belongs {
        account: AccountId::new(id(account)),
        owner: UserId::new(id(owner)),
        is_deleted: false,
    };
    let deleted = |belongs| Belongs {
        is_deleted: true,
        ..belongs
    };
    let (mine, other) = (belongs(1, 11), belongs(2, 12));
    let sold = belongs(1, 12);
    let by_owner = Some((mine.account, mine.owner));
    for (given, belongs_to, expected) in [
        (by_owner, &[mine][..], Some(LetInBy::Owner)),
        (by_owner, &[], None),
        (by_owner, &[other], None),
        (by_owner, &[sold], None),
        (by_owner, &[mine, other], None),
        (by_owner, &[other, mine], None),
        (by_owner, &[mine, deleted(other)], None),
        (by_owner, &[deleted(mine)], None),
        (None, &[], Some(LetInBy::Operator)),
        (None, &[mine, other], Some(LetInBy::Operator)),
    ] {
        assert_eq!(still_allowed(given, belongs_to), expected, "{belongs_to:?}");
    }
    let user = UserId::new(id(20));
    for (user, had_factor, belongs_to, expected) in [
        (user, false, &[mine][..], Helper::Owner),
        (user, true, &[mine], Helper::Operator),
        (user, false, &[mine, other], Helper::Operator),
        (user, false, &[mine, deleted(other)], Helper::Operator),
        (user, false, &[deleted(mine)], Helper::Operator),
        (user, false, &[], Helper::Operator),
        (mine.owner, false, &[mine], Helper::Operator),
    ] {
        assert_eq!(who_helps(user, had_factor, belongs_to), expected);
    }
}

#[test]
fn every_ground_is_read_as_it_was_written() {
    for ground in [
        Ground::FactorBefore,
        Ground::KnownBrowser,
        Ground::MailboxCode,
        Ground::Allowance,
        Ground::OwnersAllowance,
        Ground::Operator,
    ] {
        assert_eq!(Ground::of_word(ground.word()), Some(ground));
    }
    assert_eq!(Ground::of_word("password"), None);
}

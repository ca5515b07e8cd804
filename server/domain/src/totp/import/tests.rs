use super::*;

/// 160 bits.
const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn problem_of(line: &str) -> ImportLineProblem {
    match read(line) {
        Err(bad) => {
            assert_eq!((bad.len(), bad[0].line), (1, 1), "{line}");
            bad[0].problem
        }
        Ok(_) => panic!("{line} is taken"),
    }
}

#[test]
fn every_way_to_write_a_user_down_says_the_same() {
    for line in [
        "ada@example.org,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "\u{feff} ADA@example.org , gezd gnbv gy3t qojq gezd gnbv gy3t qojq\r\n",
        "\"ada@example.org\",\"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ====\"",
        "ada@example.org,otpauth://totp/ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "ada@example.org,OTPAUTH://TOTP/x,y?Secret=gezdgnbvgy3tqojqgezdgnbvgy3tqojq&issuer=A,B&image=x&color=y",
        "ada@example.org,\"otpauth://totp/?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ%3D&algorithm=sha1&digits=6&period=30\"",
        "otpauth://totp/Old%20place:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Old+place",
        "otpauth://totp/Old%3A%20ada@example.org?secret=GEZDGNBVGY3TQOJQ+GEZDGNBVGY3TQOJQ",
        // Ente Auth's and others' own words.
        "otpauth://totp/Old:ada@example.org?algorithm=sha1&digits=6&issuer=Old&period=30&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&codeDisplay=%7B%22pinned%22%3Atrue%7D",
        "ada@example.org,otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA-1",
        "ada@example.org,otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=HmacSHA1",
        "# moved on Friday\n\n  \nada@example.org,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n",
    ] {
        let imports = read(line).unwrap();
        let [import] = imports.as_slice() else {
            panic!("{line}: {imports:?}");
        };
        assert_eq!(import.email.as_str(), "ada@example.org", "{line}");
        assert_eq!(import.secret.bytes(), b"12345678901234567890", "{line}");
    }
}

#[test]
fn what_is_not_a_user_with_a_secret_that_makes_our_codes_is_refused() {
    use ImportLineProblem as P;
    for (line, expected) in [
        ("ada@example.org", P::Shape),
        (KEY, P::Shape),
        ("ada@example.org,", P::Shape),
        (",GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", P::Shape),
        ("ada@example.org,\"\"", P::Shape),
        ("email,secret", P::NotAnEmail),
        (
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,ada@example.org",
            P::NotAnEmail,
        ),
        (
            "otpauth://totp/ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
            P::NameNotAnEmail,
        ),
        (
            "ada@example.org,otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=1",
            P::NotTotp,
        ),
        (
            "ada@example.org,otpauth:totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
            P::NotTotp,
        ),
        (
            "otpauth-migration://offline?data=CjEKCkhlbGxv",
            P::Migration,
        ),
        (
            "ada@example.org,otpauth-migration://offline?data=CjEKCkhlbGxv",
            P::Migration,
        ),
        ("ada@example.org,otpauth://totp/a", P::NoSecret),
        (
            "ada@example.org,otpauth://totp/a?issuer=secret",
            P::NoSecret,
        ),
        (
            "ada@example.org,otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&SECRET=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
            P::TwoSecrets,
        ),
        (
            "ada@example.org,otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA256",
            P::Algorithm,
        ),
        (
            "ada@example.org,otpauth://totp/a?algorithm=&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
            P::Algorithm,
        ),
        (
            "ada@example.org,otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8",
            P::Digits,
        ),
        (
            "ada@example.org,otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=6&digits=7",
            P::Digits,
        ),
        (
            "ada@example.org,otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&period=60",
            P::Period,
        ),
        (
            "ada@example.org,otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&period=x",
            P::Period,
        ),
        (
            "ada@example.org,otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&encoder=steam",
            P::Parameter,
        ),
        (
            "ada@example.org,otpauth://totp/a?GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
            P::Parameter,
        ),
        (
            "ada@example.org,1EZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
            P::Secret(NotASecret::NotBase32),
        ),
        (
            "ada@example.org,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,SHA1",
            P::Secret(NotASecret::NotBase32),
        ),
        (
            "ada@example.org,hex:3132333435363738393031323334353637383930",
            P::Secret(NotASecret::NotBase32),
        ),
        // Twenty-six letters are 130 bits, of which two are left over.
        (
            "ada@example.org,GEZDGNBVGY3TQOJQGEZDGNBVGZ",
            P::Secret(NotASecret::NotBase32),
        ),
        // What Google Authenticator's own plug-ins once made: 80 bits.
        (
            "ada@example.org,JBSWY3DPEHPK3PXP",
            P::Secret(NotASecret::TooShort),
        ),
        ("ada@example.org,=", P::Secret(NotASecret::TooShort)),
    ] {
        assert_eq!(problem_of(line), expected, "{line}");
    }
}

#[test]
fn a_secret_has_128_to_512_bits() {
    for (bytes, expected) in [
        (15, Some(NotASecret::TooShort)),
        (16, None),
        (64, None),
        (65, Some(NotASecret::TooLong)),
    ] {
        let text = data_encoding::BASE32.encode(&vec![7; bytes]);
        assert_eq!(TotpSecret::from_base32(&text).err(), expected, "{bytes}");
        let is_taken = TotpSecret::from_bytes(&vec![7; bytes]).is_some();
        assert_eq!(is_taken, expected.is_none(), "{bytes}");
    }
}

#[test]
fn every_bad_line_is_named_and_good_ones_beside_it_do_not_save_it() {
    let other = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U";
    let text = format!(
        "ada@example.org,{KEY}\n# Bob\nbob@example.org,{KEY}\nADA@example.org,{other}\nx\neve@example.org,{other}"
    );
    let bad = read(&text).unwrap_err();
    let bad: Vec<_> = bad.iter().map(|bad| (bad.line, bad.problem)).collect();
    assert_eq!(
        bad,
        [
            (3, ImportLineProblem::SecretAgain(1)),
            (4, ImportLineProblem::AddressAgain(1)),
            (5, ImportLineProblem::Shape),
            (6, ImportLineProblem::SecretAgain(4)),
        ]
    );
}

#[test]
fn a_file_has_an_end() {
    let line = |n: usize| {
        format!(
            "u{n}@x.org,{}\n",
            data_encoding::BASE32_NOPAD.encode(format!("{n:020}").as_bytes())
        )
    };
    let text: String = (0..MOST_USERS).map(line).collect();
    assert_eq!(read(&text).unwrap().len(), MOST_USERS);
    let bad = read(&format!("{text}\n{}", line(MOST_USERS).repeat(2))).unwrap_err();
    let problem = ImportLineProblem::TooMany;
    let line = MOST_USERS + 2;
    assert_eq!(bad, [BadLine { line, problem }]);
}

/// What stands in the wrong place may be a secret.
#[test]
fn no_reason_and_no_debug_output_shows_a_part_of_a_line() {
    for line in [
        format!("{KEY},ada@example.org"),
        format!("ada@example.org,otpauth://totp/a?{KEY}={KEY}"),
        format!("ada@example.org,otpauth://{KEY}/a?secret={KEY}"),
        format!("ada@example.org,{KEY}!"),
    ] {
        let said = format!("{:?} {}", read(&line), problem_of(&line));
        assert!(!said.contains("GEZD") && !said.contains("ada@"), "{said}");
    }
    let taken = format!("{:?}", read(&format!("ada@example.org,{KEY}")));
    assert!(taken.contains("ada@") && !taken.contains("GEZD"), "{taken}");
}

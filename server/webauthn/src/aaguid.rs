//! Names of keys: the make of the authenticator where it is a known one, and a number where the name is taken.

use crate::purpose::KeyKind;

/// The longest name of a key, in characters.
pub const MOST_NAME: usize = 50;

/// Makes by their AAGUID (WebAuthn 3 §6.5.1), as their makers publish them. Nobody attests them, so that they are good for a
/// name and for nothing else.
const MAKES: [(u128, &str); 29] = [
    (0xfbfc_3007_154e_4ecc_8c0b_6e02_0557_d7bd, "iCloud Keychain"),
    (0xdd4e_c289_e01d_41c9_bb89_70fa_845d_4bf2, "iCloud Keychain"),
    (
        0xea9b8d66_4d01_1d21_3ce4_b6b48cb575d4,
        "Google Password Manager",
    ),
    (0x0898_7058_cadc_4b81_b6e1_30de_50dc_be96, "Windows Hello"),
    (0x9ddd_1817_af5a_4672_a2b9_3e3d_d950_00a9, "Windows Hello"),
    (0x6028_b017_b1d4_4c02_b4b3_afcd_afc9_6bb2, "Windows Hello"),
    (
        0xd3452668_01fd_4c12_926c_83a4204853aa,
        "Microsoft Password Manager",
    ),
    (0x5341_4d53_554e_4700_0000_0000_0000_0000, "Samsung Pass"),
    (0xadce_0002_35bc_c60a_648b_0b25_f1f0_5503, "Chrome on Mac"),
    (0x771b_48fd_d3d4_4f74_9232_fc15_7ab0_507a, "Edge on Mac"),
    (
        0xb539_7666_4885_aa6b_cebf_e522_62a4_39a2,
        "Chromium Browser",
    ),
    (0xbada_5566_a7aa_401f_bd96_4561_9a55_120d, "1Password"),
    (0xd548_826e_79b4_db40_a3d8_1111_6f7e_8349, "Bitwarden"),
    (0x5311_26d6_e717_415c_9320_3d9a_a698_1239, "Dashlane"),
    (0xf380_9540_7f14_49c1_a8b3_8f81_3b22_5541, "Enpass"),
    (0xfdb1_41b2_5d84_443e_8a35_4698_c205_a502, "KeePassXC"),
    (0xeaec_def2_1c31_5634_8639_f1cb_d9c0_0a08, "KeePassDX"),
    (0x0ea2_42b4_43c4_4a1b_8b17_dd6d_0b6b_aec6, "Keeper"),
    (0xb78a_0a55_6ef8_d246_a042_ba0f_6d55_050c, "LastPass"),
    (0xb84e_4048_15dc_4dd0_8640_f4f6_0813_c8af, "NordPass"),
    (0x5072_6f74_6f6e_5061_7373_5072_6f74_6f6e, "Proton Pass"),
    (0xb35a_26b2_8f6e_4697_ab1d_d44d_b4da_28c6, "Zoho Vault"),
    (0xcb69_481e_8ff7_4039_93ec_0a27_29a1_54a8, "YubiKey 5"),
    (0xee88_2879_721c_4913_9775_3dfc_ce97_072a, "YubiKey 5"),
    (0xfa2b_99dc_9e39_4257_8f92_4a30_d23c_4118, "YubiKey 5 NFC"),
    (0x2fc0_579f_8113_47ea_b116_bb5a_8db9_202a, "YubiKey 5 NFC"),
    (0xc5ef_55ff_ad9a_4b9f_b580_adeb_afe0_26d0, "YubiKey 5Ci"),
    (0x73bb_0cd4_e502_49b8_9c6f_b594_45bf_720b, "YubiKey 5 FIPS"),
    (
        0xc1f9_a0bc_1dd2_404a_b27f_8e29_047a_43fd,
        "YubiKey 5 NFC FIPS",
    ),
];

/// The make of an authenticator, where it is known. All zeros is what those say that do not say it.
pub fn make(aaguid: [u8; 16]) -> Option<&'static str> {
    let aaguid = u128::from_be_bytes(aaguid);
    MAKES
        .iter()
        .find(|(known, _)| *known == aaguid)
        .map(|(_, name)| *name)
}

/// The name that a new key gets: its make, else its kind; with a number, from 2, where another key of the user has it, in whatever
/// case.
pub fn free_name<'a>(
    aaguid: [u8; 16],
    kind: KeyKind,
    taken: impl IntoIterator<Item = &'a str>,
) -> String {
    let plain = make(aaguid).unwrap_or(match kind {
        KeyKind::Passkey => "Passkey",
        KeyKind::SecurityKey => "Security key",
    });
    let taken: Vec<String> = taken.into_iter().map(str::to_lowercase).collect();
    let is_free = |name: &String| !taken.contains(&name.to_lowercase());
    let numbered = (2..=taken.len() + 1).map(|number| format!("{plain} {number}"));
    let mut names = std::iter::once(plain.to_owned()).chain(numbered);
    // There is one more name than can be taken.
    names.find(is_free).unwrap_or_else(|| plain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BITWARDEN: [u8; 16] = 0xd548_826e_79b4_db40_a3d8_1111_6f7e_8349_u128.to_be_bytes();

    #[test]
    fn makes_are_known_once_and_fit_as_names() {
        for (at, (aaguid, name)) in MAKES.iter().enumerate() {
            assert!(
                *aaguid != 0 && MAKES[..at].iter().all(|(before, _)| before != aaguid),
                "{name}"
            );
            // With a number of two digits behind it.
            assert!(
                name.chars().count() + 3 <= MOST_NAME && name.trim() == *name,
                "{name}"
            );
            assert_eq!(make(aaguid.to_be_bytes()), Some(*name));
        }
        assert_eq!(make([0; 16]), None);
        assert_eq!(make([0xaa; 16]), None);
    }

    #[test]
    fn a_name_is_the_make_or_the_kind_with_a_number_where_it_is_taken() {
        for (aaguid, kind, taken, expected) in [
            (BITWARDEN, KeyKind::Passkey, &[][..], "Bitwarden"),
            (BITWARDEN, KeyKind::SecurityKey, &[], "Bitwarden"),
            ([0; 16], KeyKind::Passkey, &[], "Passkey"),
            ([0; 16], KeyKind::SecurityKey, &[], "Security key"),
            ([0; 16], KeyKind::SecurityKey, &["Passkey"], "Security key"),
            ([0; 16], KeyKind::Passkey, &["Passkey"], "Passkey 2"),
            ([0; 16], KeyKind::Passkey, &["passKEY"], "Passkey 2"),
            ([0; 16], KeyKind::Passkey, &["Passkey 2"], "Passkey"),
            (
                [0; 16],
                KeyKind::Passkey,
                &["Passkey", "Passkey 2", "Passkey 4"],
                "Passkey 3",
            ),
            (
                BITWARDEN,
                KeyKind::Passkey,
                &["Bitwarden", "Bitwarden", "bitwarden 2"],
                "Bitwarden 3",
            ),
        ] {
            assert_eq!(
                free_name(aaguid, kind, taken.iter().copied()),
                expected,
                "{taken:?}"
            );
        }
    }

    #[test]
    fn twenty_keys_of_one_make_have_twenty_names() {
        let mut names: Vec<String> = Vec::new();
        for _ in 0..20 {
            let name = free_name(
                BITWARDEN,
                KeyKind::Passkey,
                names.iter().map(String::as_str),
            );
            assert!(!names.contains(&name));
            names.push(name);
        }
        assert_eq!(names.last().map(String::as_str), Some("Bitwarden 20"));
    }
}

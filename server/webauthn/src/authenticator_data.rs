//! Authenticator data (WebAuthn 3 §6.1): what the key says, of which it signs each byte.

use crate::cbor::{Item, leading_map};
use crate::cose::PublicKey;
use crate::envelope::CredentialId;
use crate::refusal::Malformed;

/// Hash of the RP ID, flags, counter.
const FIXED_BYTES: usize = 37;

/// The flags. Bits 1 and 5 are reserved and passed over, as §6.1 leaves them to later levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flags(u8);

impl Flags {
    const fn has(self, bit: u8) -> bool {
        self.0 & (1 << bit) != 0
    }

    /// UP: somebody touched it.
    pub(crate) const fn is_present(self) -> bool {
        self.has(0)
    }

    /// UV: and it knows that it was the user.
    pub(crate) const fn is_verified(self) -> bool {
        self.has(2)
    }

    /// BE: may be copied to other devices by whoever keeps it.
    pub(crate) const fn is_backup_eligible(self) -> bool {
        self.has(3)
    }

    /// BS: is copied now.
    pub(crate) const fn is_backed_up(self) -> bool {
        self.has(4)
    }

    const fn has_credential(self) -> bool {
        self.has(6)
    }

    const fn has_extensions(self) -> bool {
        self.has(7)
    }
}

/// What is read of them.
#[derive(Clone, Debug)]
pub(crate) struct AuthenticatorData {
    pub(crate) rp_id_hash: [u8; 32],
    pub(crate) flags: Flags,
    pub(crate) sign_count: u32,
}

/// A new key (§6.5.1).
#[derive(Clone, Debug)]
pub(crate) struct AttestedKey {
    pub(crate) aaguid: [u8; 16],
    pub(crate) id: CredentialId,
    pub(crate) public_key: PublicKey,
}

fn taken<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], Malformed> {
    let (first, rest) = bytes
        .split_first_chunk()
        .ok_or(Malformed::AuthenticatorDataLength)?;
    *bytes = rest;
    Ok(*first)
}

impl AuthenticatorData {
    /// Of a registration, which has a key in it (§7.1 steps 12 to 20).
    pub(crate) fn read_new(bytes: &[u8]) -> Result<(Self, AttestedKey), Malformed> {
        let (read, mut rest) = Self::read_fixed(bytes)?;
        if !read.flags.has_credential() {
            return Err(Malformed::NoCredentialData);
        }
        let key = AttestedKey::take(&mut rest)?;
        read.end(rest)?;
        Ok((read, key))
    }

    /// Of an answer. It has no key in it (§6.1), but where one is, its place has to be what it is for.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let (read, mut rest) = Self::read_fixed(bytes)?;
        if read.flags.has_credential() {
            AttestedKey::take(&mut rest)?;
        }
        read.end(rest)?;
        Ok(read)
    }

    fn read_fixed(mut bytes: &[u8]) -> Result<(Self, &[u8]), Malformed> {
        if bytes.len() < FIXED_BYTES {
            return Err(Malformed::AuthenticatorDataLength);
        }
        let rp_id_hash = taken(&mut bytes)?;
        let [flags] = taken(&mut bytes)?;
        let read = Self {
            rp_id_hash,
            flags: Flags(flags),
            sign_count: u32::from_be_bytes(taken(&mut bytes)?),
        };
        Ok((read, bytes))
    }

    /// What follows the key: the extensions (§9), a map by their names, and nothing else.
    fn end(&self, rest: &[u8]) -> Result<(), Malformed> {
        let rest = if self.flags.has_extensions() {
            let (extensions, rest) = leading_map(rest)?;
            if extensions
                .iter()
                .any(|(name, _)| !matches!(name, Item::Text(_)))
            {
                return Err(Malformed::CborType);
            }
            rest
        } else {
            rest
        };
        if rest.is_empty() {
            Ok(())
        } else {
            Err(Malformed::AuthenticatorDataTrailing)
        }
    }
}

impl AttestedKey {
    fn take(rest: &mut &[u8]) -> Result<Self, Malformed> {
        let aaguid = taken(rest)?;
        let length = usize::from(u16::from_be_bytes(taken(rest)?));
        // §7.1 step 24, before what it announces is looked for.
        CredentialId::check_length(length)?;
        let (id, after) = rest
            .split_at_checked(length)
            .ok_or(Malformed::AuthenticatorDataLength)?;
        let id = CredentialId::new(id.to_vec())?;
        let (entries, after) = leading_map(after)?;
        *rest = after;
        let public_key = PublicKey::from_entries(&entries)?;
        Ok(Self {
            aaguid,
            id,
            public_key,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{AUTHENTICATOR_DATA, Device};

    /// The fixed part with these flags.
    fn fixed(flags: u8) -> Vec<u8> {
        let mut bytes = AUTHENTICATOR_DATA.to_vec();
        bytes[32] = flags;
        bytes
    }

    fn key() -> Vec<u8> {
        let device = Device::p256();
        device.attested(&[7; 16])
    }

    #[test]
    fn flags_say_what_follows_and_nothing_else_does() {
        let extensions = [0xa1, 0x61, b'x', 0xf5];
        let read = |flags, parts: &[&[u8]]| {
            AuthenticatorData::read(&[&fixed(flags), &parts.concat()[..]].concat())
        };
        let key = key();
        for (flags, parts, expected) in [
            (0x01, &[][..], Ok(())),
            (0x81, &[&extensions[..]], Ok(())),
            (0x41, &[&key[..]], Ok(())),
            (0xc1, &[&key[..], &extensions], Ok(())),
            (0x23, &[], Ok(())),
            (0x01, &[&[0]], Err(Malformed::AuthenticatorDataTrailing)),
            (
                0x01,
                &[&extensions],
                Err(Malformed::AuthenticatorDataTrailing),
            ),
            (0x01, &[&key], Err(Malformed::AuthenticatorDataTrailing)),
            (
                0x41,
                &[&key, &extensions],
                Err(Malformed::AuthenticatorDataTrailing),
            ),
            (
                0x81,
                &[&extensions, &[0]],
                Err(Malformed::AuthenticatorDataTrailing),
            ),
            (0x81, &[], Err(Malformed::CborCutOff)),
            (0x81, &[&[0x80]], Err(Malformed::CborType)),
            (0x81, &[&[0xa1, 0x01, 0xf5]], Err(Malformed::CborType)),
            (0x81, &[&[0xbf, 0xff]], Err(Malformed::CborIndefinite)),
            (0x41, &[], Err(Malformed::AuthenticatorDataLength)),
        ] {
            assert_eq!(
                read(flags, parts).map(|_| ()),
                expected,
                "{flags:x} {parts:x?}"
            );
        }
    }

    #[test]
    fn a_registration_has_a_key() {
        assert_eq!(
            AuthenticatorData::read_new(&fixed(0x01)).unwrap_err(),
            Malformed::NoCredentialData
        );
        let whole = [fixed(0x41), key()].concat();
        let (read, new) = AuthenticatorData::read_new(&whole).unwrap();
        assert!(read.flags.is_present() && !read.flags.is_verified());
        assert_eq!(new.id.as_bytes(), [7; 16]);
        for cut in 0..whole.len() {
            assert!(AuthenticatorData::read_new(&whole[..cut]).is_err(), "{cut}");
            assert!(AuthenticatorData::read(&whole[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn a_credential_id_has_1_to_1023_bytes() {
        let device = Device::p256();
        for (length, expected) in [
            (0, Err(Malformed::CredentialIdLength)),
            (1, Ok(())),
            (1023, Ok(())),
            (1024, Err(Malformed::CredentialIdLength)),
            (0xffff, Err(Malformed::CredentialIdLength)),
        ] {
            let whole = [fixed(0x41), device.attested(&vec![1; length])].concat();
            assert_eq!(
                AuthenticatorData::read_new(&whole).map(|_| ()),
                expected,
                "{length}"
            );
        }
        // Announced, and not there.
        let mut short = [fixed(0x41), device.attested(&[1; 16])].concat();
        short[FIXED_BYTES + 16..][..2].copy_from_slice(&1023_u16.to_be_bytes());
        assert_eq!(
            AuthenticatorData::read_new(&short).unwrap_err(),
            Malformed::AuthenticatorDataLength
        );
        short[FIXED_BYTES + 16..][..2].copy_from_slice(&1024_u16.to_be_bytes());
        assert_eq!(
            AuthenticatorData::read_new(&short).unwrap_err(),
            Malformed::CredentialIdLength
        );
    }

    #[test]
    fn each_flag_is_its_bit() {
        let read = |flags| AuthenticatorData::read(&fixed(flags)).unwrap().flags;
        for (flags, expected) in [
            (0x00, [false, false, false, false]),
            (0x01, [true, false, false, false]),
            (0x04, [false, true, false, false]),
            (0x08, [false, false, true, false]),
            (0x10, [false, false, false, true]),
            (0x1d, [true, true, true, true]),
            (0x22, [false, false, false, false]),
        ] {
            let flags_read = read(flags);
            let found = [
                flags_read.is_present(),
                flags_read.is_verified(),
                flags_read.is_backup_eligible(),
                flags_read.is_backed_up(),
            ];
            assert_eq!(found, expected, "{flags:x}");
        }
    }
}

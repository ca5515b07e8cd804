//! How one hash is made: algorithm, version, parameters and salt, to and from the PHC string format.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::HashParams;

const OUTPUT_BYTES: usize = 32;
const SALT_BYTES: usize = 16;
/// A stored hash that asks for more is a broken row, and must not take the machine down.
pub const MOST_MEMORY_KIB: u32 = 1 << 20;
/// The same of passes.
pub const MOST_PASSES: u32 = 64;
const MOST_LANES: u32 = 64;

/// Everything that decides a hash besides the password.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Salt,
}

/// A hash as it was stored.
pub(super) struct StoredHash {
    pub(super) recipe: Recipe,
    pub(super) output: Output,
}

/// Argon2's own form of parameters, if this server can run them.
pub(super) fn params(params: HashParams) -> Option<Params> {
    Params::new(
        params.memory_kib,
        params.passes,
        params.lanes,
        Some(OUTPUT_BYTES),
    )
    .ok()
    .filter(is_bearable)
}

fn is_bearable(params: &Params) -> bool {
    params.m_cost() <= MOST_MEMORY_KIB
        && params.t_cost() <= MOST_PASSES
        && params.p_cost() <= MOST_LANES
}

impl Recipe {
    pub(super) fn new(with: HashParams, salt: &[u8; SALT_BYTES]) -> Self {
        Self {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            params: params(with).expect("parameters are checked when the hasher is made"),
            salt: Salt::new(salt).expect("a salt of 16 bytes is within the format's limits"),
        }
    }

    /// Blocks of memory, of 1 KiB each, that [`Self::run`] needs.
    pub(super) const fn blocks(&self) -> usize {
        self.params.block_count()
    }

    pub(super) fn run(&self, password: &[u8], memory: &mut [Block]) -> Output {
        let length = self.params.output_len().unwrap_or(OUTPUT_BYTES);
        let mut output = [0; Output::MAX_LENGTH];
        let output = &mut output[..length];
        Argon2::new(self.algorithm, self.version, self.params.clone())
            .hash_password_into_with_memory(password, &self.salt, output, memory)
            .expect("parameters, salt and memory have been checked");
        Output::new(output).expect("the length is within the format's limits")
    }

    pub(super) fn phc(&self, output: Output) -> String {
        PasswordHash {
            algorithm: self.algorithm.ident(),
            version: Some(self.version.into()),
            params: ParamsString::try_from(&self.params).expect("three numbers fit"),
            salt: Some(self.salt),
            hash: Some(output),
        }
        .to_string()
    }
}

impl StoredHash {
    /// Reads a PHC string of argon2; everything else is unreadable.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let hash = PasswordHash::new(text).ok()?;
        let params = Params::try_from(&hash).ok().filter(is_bearable)?;
        let recipe = Recipe {
            algorithm: Algorithm::try_from(hash.algorithm.as_str()).ok()?,
            // A string without a version is of the first one (reference implementation, encoding.c).
            version: Version::try_from(hash.version.unwrap_or(Version::V0x10.into())).ok()?,
            params,
            salt: hash.salt?,
        };
        Some(Self {
            recipe,
            output: hash.hash?,
        })
    }

    /// Whether an attacker with the database gets through this hash faster than through one of today's.
    ///
    pub(super) fn is_weaker_than(&self, today: HashParams) -> bool {
        let params = &self.recipe.params;
        self.recipe.algorithm != Algorithm::Argon2id
            || self.recipe.version != Version::V0x13
            || params.m_cost() < today.memory_kib
            || work(params.m_cost(), params.t_cost()) < work(today.memory_kib, today.passes)
            || self.recipe.salt.len() < SALT_BYTES
            || self.output.len() < OUTPUT_BYTES
    }

    /// Parameters for the extra work that makes checking an older, cheaper hash take as long as a current one. None where
    /// the hash is not cheaper, or by less than the smallest possible hash costs.
    pub(super) fn missing_to(&self, today: HashParams) -> Option<HashParams> {
        let done = work(self.recipe.params.m_cost(), self.recipe.params.t_cost());
        let missing = work(today.memory_kib, today.passes).checked_sub(done)?;
        let memory_kib = u32::try_from(missing / u64::from(today.passes)).ok()?;
        HashParams {
            memory_kib,
            ..today
        }
        .check()
        .ok()
    }
}

/// Work is memory times passes (RFC 9106 §4); lanes divide the same work and do not count.
fn work(memory: u32, passes: u32) -> u64 {
    u64::from(memory) * u64::from(passes)
}

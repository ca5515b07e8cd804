//! Argon2id as the server is set by default: 19 MiB, two passes, one lane, 32 bytes; on memory that is used again.

use std::fs;
use std::hint::black_box;
use std::sync::Barrier;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::Ended;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT_BYTES: usize = 32;

/// One hash after the other, in the same memory.
pub struct Hasher {
    argon2: Argon2<'static>,
    memory: Vec<Block>,
}

impl Hasher {
    /// With memory of its own.
    pub fn new() -> Self {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES));
        let params = params.expect("argon2 defines these parameters");
        let memory = vec![Block::new(); params.block_count()];
        Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            memory,
        }
    }

    /// The hash of a password.
    pub fn hash(&mut self, password: &[u8], salt: &[u8; 16]) -> [u8; OUTPUT_BYTES] {
        let mut output = [0; OUTPUT_BYTES];
        self.argon2
            .hash_password_into_with_memory(password, salt, &mut output, &mut self.memory)
            .expect("salt and memory are of the right size");
        output
    }
}

/// What hashing alone comes to.
pub struct Rate {
    /// Hashes per second of all threads together.
    pub per_second: f64,
    /// Seconds of processor time that one hash takes: what else the machine does adds nothing to it.
    pub cpu_seconds: f64,
}

/// Hashes on so many threads, over a time that begins when each has its memory.
pub fn rate(threads: usize, time: Duration) -> Ended<Rate> {
    let ready = Barrier::new(threads);
    let rates = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| rate_of_one(&ready, time)))
            .collect();
        let rates = threads.into_iter().map(ScopedJoinHandle::join);
        rates
            .map(|rate| rate.expect("hashing does not panic"))
            .collect::<Ended<Vec<Rate>>>()
    })?;
    let per_second: f64 = rates.iter().map(|rate| rate.per_second).sum();
    let cpu = rates.iter().map(|rate| rate.per_second * rate.cpu_seconds);
    Ok(Rate {
        per_second,
        cpu_seconds: cpu.sum::<f64>() / per_second,
    })
}

fn rate_of_one(ready: &Barrier, time: Duration) -> Ended<Rate> {
    let mut hasher = Hasher::new();
    hasher.hash(b"to have touched the memory", &[0; 16]);
    ready.wait();
    let (began, cpu_before) = (Instant::now(), cpu_time()?);
    let mut count = 0;
    while began.elapsed() < time {
        black_box(hasher.hash(b"Jacquard loom 1843 punch cards", &[7; 16]));
        count += 1;
    }
    let count = f64::from(count);
    Ok(Rate {
        per_second: count / began.elapsed().as_secs_f64(),
        cpu_seconds: cpu_time()?.saturating_sub(cpu_before).as_secs_f64() / count,
    })
}

/// Processor time of this thread; the first number of the file is nanoseconds (proc(5)).
fn cpu_time() -> Ended<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let first = text.split(' ').next().unwrap_or_default();
    Ok(Duration::from_nanos(first.parse()?))
}

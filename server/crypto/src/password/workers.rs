//! The worker threads that hash passwords and estimate new ones, each with memory of its own, and their bounded queue.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use argon2::Block;
use argon2::password_hash::phc::Output;
use prometheus_client::metrics::histogram::Histogram;
use tokio::sync::oneshot;
use zeroize::{Zeroize as _, Zeroizing};

use super::recipe::Recipe;
use super::{HasherBusy, Load};
use crate::clock::Stopwatch;

/// After so long without work a slot gives its memory back.
const QUIET: Duration = Duration::from_secs(2);
/// The least that is asked of the allocator, in blocks. glibc keeps freed memory of up to 32 MiB
/// for itself (`mallopt(3)`, `M_MMAP_THRESHOLD`); a larger piece goes back to the system at once, and
/// the part that is never touched takes none.
const LEAST_BLOCKS: usize = (32 << 20) / Block::SIZE + 1;

/// By how much hashing is less urgent than answering (`nice(2)`).
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

/// Seconds that a hash may have waited for a slot, as they are counted.
const WAITS: [f64; 8] = [0.001, 0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 10.0];

pub(super) struct Workers {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    work: Condvar,
    hashes: AtomicU64,
    estimates: AtomicU64,
    waits: Histogram,
}

struct State {
    waiting: VecDeque<Job>,
    running: usize,
    /// Jobs that may be here at once, waiting or running.
    room: usize,
    is_closed: bool,
}

struct Job {
    work: Box<dyn Work>,
    waiting: Stopwatch,
}

/// What a slot does for a caller.
trait Work: Send {
    /// Whether the caller still waits for the answer.
    fn is_wanted(&self) -> bool;
    /// Does it and answers. Without an answer the caller reads that the slots are busy.
    fn run(self: Box<Self>, memory: &mut Vec<Block>);
}

/// A function, and where its result goes. The function gives none where there is no memory for it.
struct Answered<F, T> {
    function: F,
    reply: oneshot::Sender<T>,
}

impl<T: Send, F: FnOnce(&mut Vec<Block>) -> Option<T> + Send> Work for Answered<F, T> {
    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn run(self: Box<Self>, memory: &mut Vec<Block>) {
        if let Some(answer) = (self.function)(memory) {
            // A caller that went away while this ran has no use for the answer.
            let _ = self.reply.send(answer);
        }
    }
}

enum Next {
    Job(Job),
    Quiet,
    Closed,
}

impl Workers {
    pub(super) fn start(slots: usize, queue: usize) -> Self {
        let state = State {
            waiting: VecDeque::new(),
            running: 0,
            room: slots + queue,
            is_closed: false,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            work: Condvar::new(),
            hashes: AtomicU64::new(0),
            estimates: AtomicU64::new(0),
            waits: Histogram::new(WAITS),
        });
        for slot in 0..slots {
            let shared = Arc::clone(&shared);
            thread::Builder::new()
                .name(format!("hash-{slot}"))
                .spawn(move || {
                    stand_back();
                    shared.work_until_closed();
                })
                .expect("the system starts the few threads that are asked for at the start");
        }
        Self { shared }
    }

    /// Hashes in the next free slot. A caller that goes away takes its job along, unless it runs already.
    pub(super) async fn run(
        &self,
        recipe: Recipe,
        password: Zeroizing<String>,
    ) -> Result<Output, HasherBusy> {
        let shared = Arc::clone(&self.shared);
        self.ask(move |memory: &mut Vec<Block>| {
            let output = hash(&recipe, &password, memory)?;
            shared.hashes.fetch_add(1, Ordering::Relaxed);
            Some(output)
        })
        .await
    }

    /// Runs another function of a password in the next free slot, behind the same queue.
    pub(super) async fn estimate<T: Send + 'static>(
        &self,
        function: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HasherBusy> {
        let shared = Arc::clone(&self.shared);
        self.ask(move |_: &mut Vec<Block>| {
            shared.estimates.fetch_add(1, Ordering::Relaxed);
            Some(function())
        })
        .await
    }

    async fn ask<T: Send + 'static>(
        &self,
        function: impl FnOnce(&mut Vec<Block>) -> Option<T> + Send + 'static,
    ) -> Result<T, HasherBusy> {
        let (reply, answer) = oneshot::channel();
        self.shared.enqueue(Job {
            work: Box::new(Answered { function, reply }),
            waiting: Stopwatch::start(),
        })?;
        answer.await.map_err(|_| HasherBusy)
    }

    pub(super) fn waits(&self) -> &Histogram {
        &self.shared.waits
    }

    pub(super) fn load(&self) -> Load {
        let state = self.shared.lock();
        Load {
            waiting: state.waiting.len(),
            running: state.running,
        }
    }

    pub(super) fn hashes(&self) -> u64 {
        self.shared.hashes.load(Ordering::Relaxed)
    }

    pub(super) fn estimates(&self) -> u64 {
        self.shared.estimates.load(Ordering::Relaxed)
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.work.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enqueue(&self, job: Job) -> Result<(), HasherBusy> {
        let mut state = self.lock();
        if state.is_full() {
            state.waiting.retain(|waiting| waiting.work.is_wanted());
        }
        if state.is_full() {
            return Err(HasherBusy);
        }
        state.waiting.push_back(job);
        drop(state);
        self.work.notify_one();
        Ok(())
    }

    fn work_until_closed(&self) {
        let mut memory = Vec::new();
        loop {
            match self.next(!memory.is_empty()) {
                Next::Job(job) => {
                    self.waits.observe(job.waiting.seconds());
                    // A slot that died would be missing until the next start.
                    // The caller of work that panics reads that the slots are busy.
                    let _ = catch_unwind(AssertUnwindSafe(|| job.work.run(&mut memory)));
                    self.lock().running -= 1;
                }
                Next::Quiet => {
                    memory.iter_mut().zeroize();
                    memory = Vec::new();
                }
                Next::Closed => return,
            }
        }
    }

    fn next(&self, holds_memory: bool) -> Next {
        let mut state = self.lock();
        loop {
            if state.is_closed {
                return Next::Closed;
            }
            if let Some(job) = state.waiting.pop_front() {
                if !job.work.is_wanted() {
                    continue;
                }
                state.running += 1;
                return Next::Job(job);
            }
            if holds_memory {
                let (woken, timeout) = self
                    .work
                    .wait_timeout(state, QUIET)
                    .unwrap_or_else(PoisonError::into_inner);
                state = woken;
                if timeout.timed_out() && state.waiting.is_empty() && !state.is_closed {
                    return Next::Quiet;
                }
            } else {
                state = self
                    .work
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

/// None without memory for it.
fn hash(recipe: &Recipe, password: &str, memory: &mut Vec<Block>) -> Option<Output> {
    let blocks = recipe.blocks();
    if memory.len() < blocks {
        memory
            .try_reserve_exact(blocks.max(LEAST_BLOCKS) - memory.len())
            .ok()?;
        memory.resize(blocks, Block::new());
    }
    Some(recipe.run(password.as_bytes(), memory))
}

impl State {
    fn is_full(&self) -> bool {
        self.waiting.len() + self.running >= self.room
    }
}

/// Lets the threads that answer go first: a hash takes a core for tens of milliseconds, an answer for less than one, and who
/// only reads a page does not wait for others to sign in. On Linux niceness is a thread's own.
fn stand_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(%error, "hashing is as urgent as answering");
    }
}

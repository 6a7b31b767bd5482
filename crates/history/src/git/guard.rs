//! Stops a program that takes longer than it may.

use std::io;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Watches one program from a thread of its own. Dropping it ends the program.
#[derive(Debug)]
pub(super) struct Guard {
    shared: Arc<GuardedProcess>,
    patience: Duration,
    watch: Option<JoinHandle<()>>,
}

/// State that the watching thread and the asking thread share.
#[derive(Debug)]
struct GuardedProcess {
    state: Mutex<State>,
    bell: Condvar,
}

/// The program, and until when an answer is waited for.
#[derive(Debug)]
struct State {
    child: Child,
    deadline: Option<Instant>,
    stopped: bool,
    finished: bool,
}

impl Guard {
    /// Watches a program; the time of a question begins with [`Guard::begin`].
    pub(super) fn new(child: Child, patience: Duration) -> Self {
        let state = State { child, deadline: None, stopped: false, finished: false };
        let shared = Arc::new(GuardedProcess { state: Mutex::new(state), bell: Condvar::new() });
        let watched = Arc::clone(&shared);
        Self { shared, patience, watch: Some(thread::spawn(move || watched.watch())) }
    }

    /// A question begins.
    pub(super) fn begin(&self) {
        self.shared.lock().deadline = Some(Instant::now() + self.patience);
        self.shared.bell.notify_one();
    }

    /// Ends the time limit: the answer is complete.
    pub(super) fn end(&self) {
        self.shared.lock().deadline = None;
    }

    /// True if the program was stopped because an answer took too long.
    pub(super) fn has_stopped(&self) -> bool {
        self.shared.lock().stopped
    }

    /// Waits for the exit status, after standard output was closed.
    pub(super) fn wait(&self) -> io::Result<ExitStatus> {
        self.shared.lock().child.wait()
    }
}

impl GuardedProcess {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps until a deadline, and stops the program if it is still that question that is open.
    fn watch(&self) {
        let mut state = self.lock();
        while !state.finished {
            let now = Instant::now();
            state = match state.deadline {
                None => self.bell.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) if deadline <= now => {
                    state.stopped = state.child.kill().is_ok();
                    state.deadline = None;
                    state
                }
                Some(deadline) => {
                    let waited = self.bell.wait_timeout(state, deadline - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.finished = true;
        // Both fail only for a program that has ended by itself.
        drop(state.child.kill());
        drop(state.child.wait());
        drop(state);
        self.shared.bell.notify_one();
        if let Some(watch) = self.watch.take() {
            drop(watch.join());
        }
    }
}

//! Progress of reading test reports, on a terminal, and a line for each file.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};
use test_reports::{FileSummary, ReadObserver};

use crate::output::escape::terminal;

use super::Run;

/// Reading that is faster than this shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// The bar.
const SHAPE: &str = "reading test reports [{bar:30}] {bytes} of {total_bytes}, {eta} to go";

/// A bar that is drawn where somebody waits in front of it, and a list of what was read.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    /// True while the bar is still to be drawn for the first time.
    waiting: AtomicBool,
    files: Mutex<Vec<String>>,
}

impl Progress {
    /// Nothing is read yet. In a workflow nobody waits, whatever its log looks like.
    pub fn new(run: &Run<'_>) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(SHAPE) {
            bar.set_style(style.progress_chars("=> "));
        }
        let somebody_waits = run.log_is_terminal && run.variable(&["CI"]).is_none();
        Self { bar, waiting: AtomicBool::new(somebody_waits), files: Mutex::default() }
    }

    /// A line for each file that was read.
    pub fn files(&self) -> Vec<String> {
        self.files.lock().map(|lines| lines.clone()).unwrap_or_default()
    }
}

impl ReadObserver for Progress {
    fn begins(&self, bytes: u64) {
        self.bar.set_length(bytes);
        self.bar.reset_elapsed();
    }

    fn has_read(&self, bytes: u64) {
        self.bar.inc(bytes);
        if self.waiting.load(Ordering::Relaxed)
            && self.bar.elapsed() >= PATIENCE
            && self.waiting.swap(false, Ordering::Relaxed)
        {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    fn ends(&self, files: &[FileSummary]) {
        self.waiting.store(false, Ordering::Relaxed);
        self.bar.finish_and_clear();
        if let Ok(mut lines) = self.files.lock() {
            lines.extend(files.iter().map(file_line));
        }
    }
}

/// Returns the log line of a file.
fn file_line(file: &FileSummary) -> String {
    let FileSummary { path, format, tests, bytes, time } = file;
    let format = match format {
        Some((format, encoding)) => format!("{} in {encoding}, {tests} tests", format.name()),
        None => "no test report".to_owned(),
    };
    terminal(&format!("read {path}: {format}, {} in {time:.1?}", HumanBytes(*bytes))).to_string()
}

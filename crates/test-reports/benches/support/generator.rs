//! Writes JUnit reports of any size with known counts. The same seed gives the same bytes.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Mix of content in the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As suites write them: mostly cases, some logs, stack traces and properties.
    Mixed,
    /// Nothing but short cases.
    Cases,
    /// Few cases with long logs.
    Logs,
}

/// Known counts of the written reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Truth {
    /// Number of test cases.
    pub tests: u64,
    /// Number of failed test cases.
    pub failed: u64,
    /// Number of test cases with an error.
    pub errors: u64,
    /// Number of skipped test cases.
    pub skipped: u64,
    /// Number of flaky test cases.
    pub flaky: u64,
    /// Size in bytes.
    pub bytes: u64,
}

/// Writes `files` reports of together about `bytes` bytes into a folder.
pub fn write_reports(
    folder: &Path,
    profile: Profile,
    files: u64,
    bytes: u64,
    seed: u64,
) -> io::Result<Truth> {
    std::fs::create_dir_all(folder)?;
    let mut truth = Truth::default();
    for file in 0..files {
        let mut report = ReportWriter {
            out: Counting {
                inner: BufWriter::new(File::create(folder.join(format!("TEST-{file:04}.xml")))?),
                bytes: 0,
            },
            random: Random(seed.wrapping_mul(0x9E37_79B9) ^ file.wrapping_mul(0x1234_5677) ^ 0xDEAD_BEEF),
            truth: &mut truth,
            profile,
            file,
        };
        report.write(bytes / files)?;
        report.out.flush()?;
        let written = report.out.bytes;
        truth.bytes += written;
    }
    Ok(truth)
}

const WORDS: [&str; 12] = [
    "order", "invoice", "cart", "ledger", "quota", "stream", "merge", "shard", "token", "retry", "index",
    "batch",
];

/// A report being written.
struct ReportWriter<'t> {
    out: Counting<BufWriter<File>>,
    random: Random,
    truth: &'t mut Truth,
    profile: Profile,
    file: u64,
}

impl ReportWriter<'_> {
    /// Writes suites until there are so many bytes.
    fn write(&mut self, bytes: u64) -> io::Result<()> {
        writeln!(self.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>")?;
        let mut suite = 0;
        while self.out.bytes < bytes {
            self.suite(suite, bytes)?;
            suite += 1;
        }
        writeln!(self.out, "</testsuites>")
    }

    /// Writes a suite of at most five hundred cases.
    fn suite(&mut self, suite: u64, bytes: u64) -> io::Result<()> {
        let class = format!("com.acme.{}.{}Test{}_{suite}", self.word(), self.word(), self.file);
        writeln!(self.out, "<testsuite name=\"{class}\" hostname=\"ci\" time=\"1.5\">")?;
        if self.profile == Profile::Mixed {
            self.out.write_all(b"  <properties>\n")?;
            for n in 0..10 {
                writeln!(self.out, "    <property name=\"p.{n}\" value=\"{}\"/>", WORDS[n as usize])?;
            }
            self.out.write_all(b"  </properties>\n")?;
        }
        for case in 0..500 {
            self.case(&class, case)?;
            if self.out.bytes >= bytes {
                break;
            }
        }
        writeln!(self.out, "</testsuite>")
    }

    /// Writes a case.
    fn case(&mut self, class: &str, case: u64) -> io::Result<()> {
        self.truth.tests += 1;
        let (first, second, time) = (self.word(), self.word(), self.random.below(1000));
        write!(
            self.out,
            "  <testcase name=\"test_{first}_{second}_{case}\" classname=\"{class}\" time=\"0.{time:03}\" file=\"src/{first}.rs\" line=\"{case}\""
        )?;
        let fate = self.random.below(1000);
        let logs = match self.profile {
            Profile::Mixed => self.random.below(10) == 0,
            Profile::Cases => false,
            Profile::Logs => true,
        };
        if fate >= 65 && !logs {
            return writeln!(self.out, "/>");
        }
        self.out.write_all(b">")?;
        match fate {
            0..15 => {
                self.truth.failed += 1;
                self.out.write_all(
                    b"<failure message=\"expected &lt;1&gt; but was &lt;2&gt;\" type=\"AssertionError\">",
                )?;
                self.trace()?;
                self.out.write_all(b"</failure>")?;
            }
            15..20 => {
                self.truth.errors += 1;
                self.out.write_all(b"<error message=\"boom\" type=\"IllegalState\"><![CDATA[")?;
                self.trace()?;
                self.out.write_all(b"]]></error>")?;
            }
            20..60 => {
                self.truth.skipped += 1;
                self.out.write_all(b"<skipped message=\"not now\"/>")?;
            }
            60..65 => {
                self.truth.flaky += 1;
                self.out.write_all(b"<flakyFailure message=\"once\" type=\"AssertionError\"><stackTrace>")?;
                self.trace()?;
                self.out.write_all(b"</stackTrace></flakyFailure>")?;
            }
            _ => {}
        }
        if logs {
            self.out.write_all(b"<system-out><![CDATA[")?;
            let lines = if self.profile == Profile::Logs { 200 } else { 15 };
            for _ in 0..lines {
                let (one, two, id) = (self.word(), self.word(), self.random.next());
                writeln!(
                    self.out,
                    "2026-01-02 03:04:05.678 INFO [worker] com.acme.{one} - {two} id={id:016x} <ok> & done"
                )?;
            }
            self.out.write_all(b"]]></system-out>")?;
        }
        self.out.write_all(b"</testcase>\n")
    }

    /// Writes a stack trace.
    fn trace(&mut self) -> io::Result<()> {
        for _ in 0..8 + self.random.below(12) {
            let (package, method, line) = (self.word(), self.word(), self.random.below(900));
            writeln!(self.out, "\tat com.acme.{package}.{method}({package}.java:{line})")?;
        }
        Ok(())
    }

    /// Any word.
    fn word(&mut self) -> &'static str {
        WORDS[self.random.below(WORDS.len() as u64) as usize]
    }
}

/// Xorshift: enough for test data.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// Counts what is written.
struct Counting<W> {
    inner: W,
    bytes: u64,
}

impl<W: Write> Write for Counting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

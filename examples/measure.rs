//! Whole-process measurements; `docs/dev/performance.md` says how to use it.
//!
//! ```text
//! measure generate mixed|cases|logs FILES MEGABYTES FOLDER
//! measure tickets FOLDER      100,000 tickets, 1,000 releases and a policy of 50 rules
//! measure read FOLDER          the reader, all cores (RAYON_NUM_THREADS=1 for one)
//! measure quick-xml FOLDER     a bare quick-xml pass over the same files, on one core
//! measure plain FOLDER         reading the bytes and nothing else, on one core
//! measure commits FOLDER COUNT a repository of so many commits
//! measure history FOLDER CACHE reading that repository from a server on this machine
//! ```

#![allow(clippy::print_stdout)]

#[path = "../benches/support/commits.rs"]
mod commits;
#[path = "../crates/test-reports/benches/support/generator.rs"]
mod generator;
#[path = "../benches/support/tickets.rs"]
mod tickets;

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use generator::Profile;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let began = Instant::now();
    let result = match arguments.as_slice() {
        ["generate", profile, files, megabytes, folder] => {
            let profile = match *profile {
                "mixed" => Profile::Mixed,
                "cases" => Profile::Cases,
                "logs" => Profile::Logs,
                other => return Err(format!("no profile `{other}`").into()),
            };
            let bytes = megabytes.parse::<u64>()? << 20;
            format!("{:?}", generator::write_reports(Path::new(folder), profile, files.parse()?, bytes, 1)?)
        }
        ["tickets", folder] => {
            std::fs::create_dir_all(folder)?;
            std::fs::write(Path::new(folder).join("evidence.json"), tickets::snapshot())?;
            std::fs::write(Path::new(folder).join("policy.yml"), tickets::policy())?;
            format!("{} tickets, {} releases", tickets::TICKETS, tickets::RELEASES)
        }
        ["read", folder] => {
            let read = test_reports::read_reports(
                Path::new(folder),
                &["**/*".to_owned()],
                &test_reports::ReadOptions::default(),
            )?;
            format!("{:?}, {} gaps", read.evidence.totals(), read.gaps.len())
        }
        ["quick-xml", folder] => format!("{} events", events(folder)?),
        ["plain", folder] => format!("{} bytes", bytes(folder)?),
        ["commits", folder, count] => {
            commits::write(Path::new(folder), count.parse()?)?;
            format!("{count} commits")
        }
        ["history", folder, cache] => commits::read(Path::new(folder), Path::new(cache))?,
        _ => return Err("see the head of this file for what can be measured".into()),
    };
    let wall = began.elapsed().as_secs_f64();
    let (user, system) = cpu()?;
    println!("{result}\nwall {wall:.3} s, user {user:.2} s, system {system:.2} s, peak {} kB", peak()?);
    Ok(())
}

/// Files of a folder in order.
fn files(folder: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}

/// A pass of quick-xml that looks at nothing.
fn events(folder: &str) -> Result<u64, Box<dyn Error>> {
    let mut count = 0;
    for path in files(folder)? {
        let mut reader =
            quick_xml::Reader::from_reader(BufReader::with_capacity(128 << 10, File::open(path)?));
        let mut buffer = Vec::new();
        loop {
            if matches!(reader.read_event_into(&mut buffer)?, quick_xml::events::Event::Eof) {
                break;
            }
            count += 1;
            buffer.clear();
        }
    }
    Ok(count)
}

/// A pass that reads the bytes.
fn bytes(folder: &str) -> Result<u64, Box<dyn Error>> {
    let mut total = 0;
    let mut buffer = vec![0; 128 << 10];
    for path in files(folder)? {
        let mut file = File::open(path)?;
        loop {
            match file.read(&mut buffer)? {
                0 => break,
                count => total += count as u64,
            }
        }
    }
    Ok(total)
}

/// Processor time of this process, of all threads, in its own code and in the kernel (Linux, in hundredths of a second).
fn cpu() -> Result<(f64, f64), Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks =
        |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).ok_or("no times in /proc/self/stat");
    Ok((ticks(11)? / 100.0, ticks(12)? / 100.0))
}

/// The most memory that this process ever had resident, in kilobytes (Linux).
fn peak() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

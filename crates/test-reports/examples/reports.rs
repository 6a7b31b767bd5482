//! Prints what test reports come to: `cargo run --release -p test-reports --example reports -- FOLDER GLOB…`.

#![allow(clippy::print_stdout)]

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("a folder is needed")?);
    let globs: Vec<String> = arguments.collect();
    let read = test_reports::read_reports(&folder, &globs, &test_reports::ReadOptions::default())?;
    for file in &read.evidence.files {
        println!("{} ({}, {}): {} tests", file.path, file.format.name(), file.encoding, file.tests.len());
    }
    for gap in &read.gaps {
        println!("gap: {}: {}", gap.place.as_deref().unwrap_or("-"), gap.what);
    }
    for warning in &read.warnings {
        println!("warning: {}", warning);
    }
    println!("{:?}", read.evidence.totals());
    Ok(())
}

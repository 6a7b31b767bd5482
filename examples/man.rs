//! Writes the man pages, one for each command: `cargo run --example man -- DIR`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::CommandFactory as _;
use escape_gate::cli::Cli;

fn main() -> anyhow::Result<()> {
    let folder: PathBuf =
        std::env::args_os().nth(1).context("name a folder: cargo run --example man -- DIR")?.into();
    std::fs::create_dir_all(&folder).with_context(|| format!("failed to create {}", folder.display()))?;
    clap_mangen::generate_to(Cli::command(), &folder)
        .with_context(|| format!("failed to write to {}", folder.display()))
}

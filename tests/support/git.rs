//! Programs in small repositories that `git` itself made.

use std::path::Path;
use std::process::{Command, Output};

/// Runs a program in a folder with this machine's path and nothing else of its environment.
pub fn run(program: &str, folder: &Path, args: &[&str], env: &[(&str, &str)]) -> Output {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).env_clear().env("PATH", path).envs(env.iter().copied());
    command
        .output()
        .expect("this test needs git: `apt-get install git`, `brew install git`, or https://git-scm.com")
}

/// Runs `git` on a day of November 2023, from the 14th on; a failure fails the test.
pub fn git(folder: &Path, day: i64, args: &[&str]) -> String {
    let date = format!("{} +0000", 1_700_000_000 + day * 86_400);
    let name = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"];
    let env = [
        ("GIT_AUTHOR_DATE", date.as_str()),
        ("GIT_COMMITTER_DATE", &date),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ];
    let output = run("git", folder, &[&name, args].concat(), &env);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

//! Recognizes steps that run tests.

use super::shell::{ExitLoss, ShellCommand, loses_exit_code, shell_commands};
use super::workflow::Step;

/// Beginnings of commands that run tests.
const TESTS: &[&[&str]] = &[
    &["npm", "test"],
    &["npm", "t"],
    &["pnpm", "test"],
    &["yarn", "test"],
    &["bun", "test"],
    &["deno", "test"],
    &["pytest"],
    &["py.test"],
    &["unittest"],
    &["tox"],
    &["nox"],
    &["cargo", "test"],
    &["cargo", "nextest"],
    &["go", "test"],
    &["gotestsum"],
    &["ginkgo"],
    &["dotnet", "test"],
    &["vstest.console"],
    &["jest"],
    &["vitest"],
    &["mocha"],
    &["ava"],
    &["playwright", "test"],
    &["cypress", "run"],
    &["phpunit"],
    &["pest"],
    &["composer", "test"],
    &["rspec"],
    &["ctest"],
    &["bazel", "test"],
    &["bazelisk", "test"],
    &["swift", "test"],
    &["xcodebuild", "test"],
    &["flutter", "test"],
    &["dart", "test"],
    &["mix", "test"],
    &["lein", "test"],
    &["stack", "test"],
    &["cabal", "test"],
    &["zig", "test"],
    &["nx", "test"],
    &["turbo", "test"],
];

/// Returns `true` for a command that runs tests.
pub fn is_test_command(command: &ShellCommand) -> bool {
    let mut command = command.clone();
    let program = command.program().to_owned();
    if let Some(first) = command.words.first_mut() {
        *first = program;
    }
    if TESTS.iter().any(|words| command.starts_with(words)) {
        return !command
            .words
            .iter()
            .any(|word| word == "--no-run" || word == "--collect-only" || word == "--version");
    }
    let is_test = |word: &String| {
        let first = word.rsplit(':').next_back().unwrap_or(word);
        let parts: Vec<&str> = first.split(['-', '_', '.']).collect();
        parts.iter().any(|part| matches!(*part, "test" | "tests" | "check" | "unittest" | "integration"))
            && !parts
                .iter()
                .any(|part| matches!(*part, "lint" | "fmt" | "format" | "build" | "report" | "upload"))
    };
    let second = command.words.get(1);
    match command.program() {
        "make" | "just" | "task" | "rake" => command.words.iter().skip(1).any(is_test),
        "npm" | "pnpm" | "yarn" | "bun" if second.is_some_and(|word| word == "run") => {
            command.words.get(2).is_some_and(is_test)
        }
        "mvn" | "mvnw" => {
            let goals = ["test", "verify", "install", "package", "integration-test"];
            command.words.iter().any(|word| goals.contains(&word.as_str()))
                && !command
                    .words
                    .iter()
                    .any(|word| word.starts_with("-DskipTests") || word.starts_with("-Dmaven.test.skip"))
        }
        "gradle" | "gradlew" | "gradlew.bat" => command.words.iter().skip(1).any(|word| {
            let task = word.rsplit(':').next().unwrap_or(word);
            matches!(task, "test" | "check" | "build") || task.ends_with("Test")
        }),
        "sbt" => command.words.iter().skip(1).any(|word| word.split_whitespace().any(|word| word == "test")),
        program => {
            program.ends_with(".sh")
                && program
                    .trim_end_matches(".sh")
                    .split(['-', '_'])
                    .any(|part| part == "test" || part == "tests")
        }
    }
}

/// Returns `true` if a step runs tests.
pub fn runs_tests(step: &Step) -> bool {
    step.run.as_ref().is_some_and(|run| shell_commands(&run.value).iter().any(is_test_command))
}

/// Returns how the exit code of the tests in a script gets lost; `None` if it does not or there are no tests.
pub fn lost_tests(script: &str, shell: Option<&str>, is_windows: bool) -> Option<ExitLoss> {
    let commands = shell_commands(script);
    let tests = commands.iter().enumerate().filter(|(_, command)| is_test_command(command));
    tests.filter_map(|(at, _)| loses_exit_code(&commands, at, shell, is_windows)).next()
}

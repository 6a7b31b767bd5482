//! Maven, Gradle, Go, Cargo, .NET.

use super::build_folder::BuildFolder;
use super::{TestTool, clean_path, command_in, key_value, option_value};

/// Returns the tools of one folder.
pub fn tools(build: &BuildFolder, scripts: &str) -> Vec<TestTool> {
    [maven(build), gradle(build), go(build, scripts), cargo(build), dotnet(build)]
        .into_iter()
        .flatten()
        .collect()
}

/// Surefire and Failsafe write JUnit XML without being asked.
fn maven(build: &BuildFolder) -> Option<TestTool> {
    let pom = build.text("pom.xml")?;
    let mut reports = vec![maven_reports(build, pom, "surefire")];
    if pom.contains("maven-failsafe-plugin") {
        reports.push(maven_reports(build, pom, "failsafe"));
    }
    let program = if build.has("mvnw") { "./mvnw" } else { "mvn" };
    let command = command_in(build, &format!("{program} --batch-mode verify"));
    Some(TestTool { name: "Maven", file: build.at("pom.xml"), reports, commands: vec![command], setup: None })
}

/// The reports of a plugin: where `reportsDirectory` says, else below `target`.
fn maven_reports(build: &BuildFolder, pom: &str, plugin: &str) -> String {
    let configured = || {
        let own = pom.split_once(&format!("maven-{plugin}-plugin"))?.1.split("</plugin>").next()?;
        let path = own.split_once("<reportsDirectory>")?.1.split("</reportsDirectory>").next()?.trim();
        let path = path.replace("${project.build.directory}", "target").replace("${project.basedir}/", "");
        clean_path(path.strip_prefix("${basedir}/").unwrap_or(&path))
    };
    let folder = configured().unwrap_or_else(|| format!("target/{plugin}-reports"));
    build.at(&format!("**/{folder}/TEST-*.xml"))
}

/// Gradle writes JUnit XML without being asked.
fn gradle(build: &BuildFolder) -> Option<TestTool> {
    let names = ["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"];
    let file = names.into_iter().find(|name| build.has(name))?;
    let program = if build.has("gradlew") { "./gradlew" } else { "gradle" };
    let command = command_in(build, &format!("{program} test --continue"));
    let reports = vec![build.at("**/build/test-results/**/TEST-*.xml")];
    Some(TestTool { name: "Gradle", file: build.at(file), reports, commands: vec![command], setup: None })
}

/// `go test -json` needs nothing; `gotestsum` where a script runs it.
fn go(build: &BuildFolder, scripts: &str) -> Option<TestTool> {
    build.text("go.mod")?;
    let junit = option_value(scripts, "--junitfile").filter(|_| build.path.is_empty());
    let (report, command) = match junit {
        Some(path) => {
            let command = format!("go run gotest.tools/gotestsum@latest --junitfile {path} ./...");
            (path, command)
        }
        None => ("go-test.json".to_owned(), "go test -json ./... > go-test.json".to_owned()),
    };
    Some(TestTool {
        name: "Go",
        file: build.at("go.mod"),
        reports: vec![build.at(&report)],
        commands: vec![command_in(build, &command)],
        setup: None,
    })
}

/// cargo-nextest writes JUnit XML for a profile that names a file.
fn cargo(build: &BuildFolder) -> Option<TestTool> {
    // Its configuration is in `.config`, and the manifest above it.
    if let Some(config) = build.text("nextest.toml") {
        let profile =
            config.lines().find_map(|line| line.trim().strip_prefix("[profile.")?.strip_suffix(".junit]"))?;
        let path = key_value(config.split_once(".junit]")?.1, "path")?;
        let root = build.path.strip_suffix(".config")?.trim_end_matches('/');
        let root = BuildFolder { path: root.to_owned(), ..BuildFolder::default() };
        return Some(TestTool {
            name: "cargo-nextest",
            file: build.at("nextest.toml"),
            reports: vec![root.at(&format!("target/nextest/{profile}/{path}"))],
            commands: nextest(&root, profile),
            setup: None,
        });
    }
    build.text("Cargo.toml")?;
    Some(TestTool {
        name: "Cargo",
        file: build.at("Cargo.toml"),
        reports: vec![build.at("target/nextest/ci/junit.xml")],
        commands: nextest(build, "ci"),
        setup: Some(format!(
            "add to {}:\n[profile.ci.junit]\npath = \"junit.xml\"",
            build.at(".config/nextest.toml")
        )),
    })
}

fn nextest(build: &BuildFolder, profile: &str) -> Vec<String> {
    let run = command_in(build, &format!("cargo nextest run --profile {profile}"));
    vec!["cargo install --locked cargo-nextest".to_owned(), run]
}

/// `dotnet test` writes TRX with a logger, which needs no package.
fn dotnet(build: &BuildFolder) -> Option<TestTool> {
    let is_project =
        |name: &str| [".sln", ".slnx", ".csproj", ".fsproj"].iter().any(|end| name.ends_with(end));
    let (file, text) = build.files.iter().find(|(name, _)| is_project(name))?;
    // A solution does not say whether it has tests; a project does.
    if file.ends_with("proj") && !text.contains("Microsoft.NET.Test.Sdk") && !text.contains("MSTest.Sdk") {
        return None;
    }
    let command = command_in(build, "dotnet test --logger trx --results-directory TestResults");
    let reports = vec![build.at("TestResults/**/*.trx")];
    Some(TestTool { name: ".NET", file: build.at(file), reports, commands: vec![command], setup: None })
}

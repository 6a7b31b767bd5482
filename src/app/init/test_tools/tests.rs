#![allow(clippy::unwrap_used)]

use std::fs;

use super::*;

fn found(files: &[(&str, &str)]) -> Vec<TestTool> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    test_tools(folder.path())
}

const JEST: &str = r#"{ "devDependencies": { "jest": "29" } }"#;
const JEST_JUNIT: &str = r#"{ "devDependencies": { "jest": "29", "jest-junit": "16" },
  "jest": { "reporters": ["default", "jest-junit"] }, "jest-junit": { "outputDirectory": "reports", "outputName": "jest.xml" } }"#;
const VITEST: &str = r#"{ "devDependencies": { "vitest": "3" } }"#;

#[test]
fn configured_reports_are_taken_as_they_are() {
    for (files, reports, last) in [
        (
            &[("pom.xml", "<project/>"), ("mvnw", "")][..],
            "**/target/surefire-reports/TEST-*.xml",
            "./mvnw --batch-mode verify",
        ),
        (
            &[(
                "pom.xml",
                "<plugin><artifactId>maven-surefire-plugin</artifactId><reportsDirectory>${project.build.directory}/unit</reportsDirectory></plugin>",
            )],
            "**/target/unit/TEST-*.xml",
            "mvn --batch-mode verify",
        ),
        (
            &[("settings.gradle.kts", ""), ("gradlew", "")],
            "**/build/test-results/**/TEST-*.xml",
            "./gradlew test --continue",
        ),
        (&[("package.json", JEST_JUNIT)], "reports/jest.xml", "npx jest --ci"),
        (
            &[
                ("package.json", r#"{ "devDependencies": { "jest": "29", "jest-junit": "16" } }"#),
                (
                    "jest.config.js",
                    "module.exports = { reporters: [['jest-junit', { outputDirectory: './out', outputName: 'unit.xml' }]] }",
                ),
            ],
            "out/unit.xml",
            "npx jest --ci",
        ),
        (
            &[
                ("package.json", VITEST),
                (
                    "vitest.config.ts",
                    "test: { reporters: ['junit'], outputFile: { json: 'a.json', junit: './reports/v.xml' } }",
                ),
                ("pnpm-lock.yaml", ""),
            ],
            "reports/v.xml",
            "pnpm exec vitest run",
        ),
        (
            &[
                ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = \"-q --junitxml=reports/py.xml\"\n"),
                ("uv.lock", ""),
            ],
            "reports/py.xml",
            "uv run pytest",
        ),
        (
            &[(
                "phpunit.xml",
                "<phpunit><logging><junit outputFile=\"build/junit.xml\"/></logging></phpunit>",
            )],
            "build/junit.xml",
            "vendor/bin/phpunit",
        ),
        (
            &[("Cargo.toml", ""), (".config/nextest.toml", "[profile.gate.junit]\npath = \"unit.xml\"\n")],
            "target/nextest/gate/unit.xml",
            "cargo nextest run --profile gate",
        ),
        (
            &[("go.mod", ""), ("Makefile", "test:\n\tgotestsum --junitfile reports/go.xml ./...\n")],
            "reports/go.xml",
            "go run gotest.tools/gotestsum@latest --junitfile reports/go.xml ./...",
        ),
        (
            &[("pytest.ini", ""), (".github/workflows/ci.yml", "run: pytest --junitxml=out/ci.xml\n")],
            "out/ci.xml",
            "python -m pytest --junitxml=out/ci.xml",
        ),
    ] {
        let tools = found(files);
        let tool =
            tools.iter().find(|tool| tool.setup.is_none()).unwrap_or_else(|| panic!("{files:?}: {tools:?}"));
        assert_eq!(
            (tool.reports[0].as_str(), tool.commands.last().unwrap().as_str()),
            (reports, last),
            "{files:?}"
        );
    }
}

#[test]
fn tool_without_a_report_gets_the_command_that_writes_one() {
    for (files, reports, last, setup) in [
        (
            &[("package.json", JEST)][..],
            "junit.xml",
            "npx jest --ci --reporters=default --reporters=jest-junit",
            Some("npm install --save-dev jest-junit"),
        ),
        (
            &[("package.json", JEST), ("yarn.lock", "")],
            "junit.xml",
            "yarn jest --ci --reporters=default --reporters=jest-junit",
            Some("yarn add --dev jest-junit"),
        ),
        (
            &[("package.json", VITEST)],
            "junit.xml",
            "npx vitest run --reporter=default --reporter=junit --outputFile.junit=junit.xml",
            None,
        ),
        (&[("requirements.txt", "pytest==8\n")], "junit.xml", "python -m pytest --junitxml=junit.xml", None),
        (&[("go.mod", "module x\n")], "go-test.json", "go test -json ./... > go-test.json", None),
        (
            &[("Cargo.toml", "[package]\n")],
            "target/nextest/ci/junit.xml",
            "cargo nextest run --profile ci",
            Some("add to .config/nextest.toml:\n[profile.ci.junit]\npath = \"junit.xml\""),
        ),
        (
            &[("shop.sln", "")],
            "TestResults/**/*.trx",
            "dotnet test --logger trx --results-directory TestResults",
            None,
        ),
        (
            &[("phpunit.xml.dist", "<phpunit/>")],
            "junit.xml",
            "vendor/bin/phpunit --log-junit junit.xml",
            None,
        ),
    ] {
        let tools = found(files);
        assert_eq!(tools.len(), 1, "{tools:?}");
        let tool = &tools[0];
        assert_eq!(
            (tool.reports[0].as_str(), tool.commands.last().unwrap().as_str(), tool.setup.as_deref()),
            (reports, last, setup)
        );
    }
}

#[test]
fn inner_build_files_belong_to_the_outer_one() {
    let tools = found(&[
        ("pom.xml", ""),
        ("core/pom.xml", ""),
        ("web/package.json", JEST),
        ("api/package.json", VITEST),
        ("web/node_modules/x/package.json", VITEST),
    ]);
    let seen: Vec<(&str, &str)> = tools.iter().map(|tool| (tool.name, tool.reports[0].as_str())).collect();
    assert_eq!(
        seen,
        [
            ("Maven", "**/target/surefire-reports/TEST-*.xml"),
            ("Vitest", "api/junit.xml"),
            ("Jest", "web/junit.xml")
        ]
    );
    assert_eq!(tools[2].commands[0], "(cd web && npm ci)");
}

#[test]
fn folder_without_tests_or_with_odd_files_has_no_tool() {
    for files in [
        &[("package.json", r#"{ "devDependencies": { "eslint": "9" } }"#)][..],
        &[("package.json", "{ not JSON")],
        &[("lib.csproj", "<Project/>")],
        &[("pyproject.toml", "[project]\n")],
        &[("README.md", "pytest --junitxml=a.xml")],
    ] {
        assert_eq!(found(files), [], "{files:?}");
    }
}

#[test]
fn paths_that_leave_the_folder_or_hold_a_variable_are_not_taken() {
    assert_eq!(option_value("pytest --junitxml=../a.xml", "--junitxml"), None);
    assert_eq!(option_value("pytest --junitxml=${{ matrix.x }}.xml", "--junitxml"), None);
    assert_eq!(option_value("pytest --junitxml=/tmp/a.xml", "--junitxml"), None);
    assert_eq!(option_value("pytest --junitxml \"a b.xml\"", "--junitxml").as_deref(), Some("a"));
    assert_eq!(key_value("outputFile: process.env.X", "outputFile"), None);
    assert_eq!(shell_word("a b'c"), r"'a b'\''c'");
}

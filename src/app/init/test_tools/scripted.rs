//! Jest, Vitest, pytest, PHPUnit.

use serde_json::Value;

use super::build_folder::BuildFolder;
use super::{TestTool, clean_path, command_in, key_value, option_value};

/// Returns the tools of one folder.
pub fn tools(build: &BuildFolder, scripts: &str) -> Vec<TestTool> {
    [jest(build), vitest(build, scripts), pytest(build, scripts), phpunit(build, scripts)]
        .into_iter()
        .flatten()
        .collect()
}

/// The commands of a package manager: those that install, and the beginning of one that runs a tool.
fn package_manager(build: &BuildFolder) -> (Vec<&'static str>, &'static str, &'static str) {
    if build.has("pnpm-lock.yaml") {
        (vec!["corepack enable", "pnpm install --frozen-lockfile"], "pnpm exec", "pnpm add --save-dev")
    } else if build.has("yarn.lock") {
        (vec!["corepack enable", "yarn install --immutable"], "yarn", "yarn add --dev")
    } else if build.has("bun.lock") || build.has("bun.lockb") {
        (vec!["bun install --frozen-lockfile"], "bunx", "bun add --dev")
    } else {
        (vec!["npm ci"], "npx", "npm install --save-dev")
    }
}

/// Returns `true` if `package.json` depends on one of these packages.
fn depends_on(package: &Value, names: &[&str]) -> bool {
    let lists = ["dependencies", "devDependencies"];
    lists.iter().any(|list| names.iter().any(|name| package[*list].get(name).is_some()))
}

/// Jest needs the reporter `jest-junit`.
fn jest(build: &BuildFolder) -> Option<TestTool> {
    let text = build.text("package.json")?;
    let package: Value = serde_json::from_str(text).ok()?;
    if !depends_on(&package, &["jest", "ts-jest", "react-scripts", "babel-jest"]) {
        return None;
    }
    let config = build.texts_of(&["jest.config."]);
    let own = &package["jest-junit"];
    let setting = |key: &str| own[key].as_str().and_then(clean_path).or_else(|| key_value(&config, key));
    let name = setting("outputName").unwrap_or_else(|| "junit.xml".to_owned());
    let report = match setting("outputDirectory").filter(|folder| folder != ".") {
        Some(folder) => format!("{}/{name}", folder.trim_end_matches('/')),
        None => name,
    };
    let (install, run, add) = package_manager(build);
    let is_reporter = config.contains("jest-junit") || package["jest"].to_string().contains("jest-junit");
    let tool = if is_reporter { "jest --ci" } else { "jest --ci --reporters=default --reporters=jest-junit" };
    let setup =
        (!depends_on(&package, &["jest-junit"])).then(|| command_in(build, &format!("{add} jest-junit")));
    Some(TestTool {
        name: "Jest",
        file: build.at("package.json"),
        reports: vec![build.at(&report)],
        commands: install
            .into_iter()
            .map(str::to_owned)
            .chain([format!("{run} {tool}")])
            .map(|c| command_in(build, &c))
            .collect(),
        setup,
    })
}

/// Vitest has a JUnit reporter of its own.
fn vitest(build: &BuildFolder, scripts: &str) -> Option<TestTool> {
    let package: Value = serde_json::from_str(build.text("package.json")?).ok()?;
    if !depends_on(&package, &["vitest"]) {
        return None;
    }
    let config = build.texts_of(&["vitest.config.", "vite.config.", "vitest.workspace."]);
    let run_by = format!("{}\n{scripts}", package["scripts"]);
    let configured = config.contains("junit").then(|| {
        let section = config.split_once("outputFile").map_or("", |(_, rest)| rest);
        let inner = section.split('}').next().unwrap_or_default();
        key_value(&config, "outputFile").or_else(|| key_value(inner, "junit"))
    });
    let flags =
        || option_value(&run_by, "--outputFile.junit").or_else(|| option_value(&run_by, "--outputFile"));
    let (install, run, _) = package_manager(build);
    let (report, tool) = match configured.flatten() {
        Some(path) => (path, "vitest run".to_owned()),
        None => {
            let path =
                flags().filter(|path| path.ends_with(".xml")).unwrap_or_else(|| "junit.xml".to_owned());
            let tool = format!("vitest run --reporter=default --reporter=junit --outputFile.junit={path}");
            (path, tool)
        }
    };
    Some(TestTool {
        name: "Vitest",
        file: build.at("package.json"),
        reports: vec![build.at(&report)],
        commands: install
            .into_iter()
            .map(str::to_owned)
            .chain([format!("{run} {tool}")])
            .map(|c| command_in(build, &c))
            .collect(),
        setup: None,
    })
}

/// pytest writes JUnit XML with an option.
fn pytest(build: &BuildFolder, scripts: &str) -> Option<TestTool> {
    let files = [
        ("pytest.ini", ""),
        ("pyproject.toml", "pytest"),
        ("setup.cfg", "[tool:pytest]"),
        ("tox.ini", "pytest"),
        ("requirements-dev.txt", "pytest"),
        ("requirements.txt", "pytest"),
        ("conftest.py", ""),
    ];
    let (file, _) =
        files.into_iter().find(|(name, word)| build.text(name).is_some_and(|text| text.contains(word)))?;
    let settings = build.texts_of(&["pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini"]);
    let value = |text: &str| option_value(text, "--junitxml").or_else(|| option_value(text, "--junit-xml"));
    let configured = value(&settings);
    let report = configured.clone().or_else(|| value(scripts)).unwrap_or_else(|| "junit.xml".to_owned());
    let option = if configured.is_some() { String::new() } else { format!(" --junitxml={report}") };
    let (install, run) = if build.has("uv.lock") {
        ("pip install uv", "uv run pytest")
    } else if build.has("poetry.lock") {
        ("pip install poetry && poetry install", "poetry run pytest")
    } else if build.has("requirements.txt") {
        ("pip install pytest -r requirements.txt", "python -m pytest")
    } else {
        ("pip install pytest .", "python -m pytest")
    };
    let commands =
        [install.to_owned(), format!("{run}{option}")].map(|command| command_in(build, &command)).to_vec();
    Some(TestTool {
        name: "pytest",
        file: build.at(file),
        reports: vec![build.at(&report)],
        commands,
        setup: None,
    })
}

/// PHPUnit writes JUnit XML with an option.
fn phpunit(build: &BuildFolder, scripts: &str) -> Option<TestTool> {
    let file =
        ["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"].into_iter().find(|name| build.has(name))?;
    let logged = || {
        let element = build.text(file)?.split_once("<junit")?.1;
        let path = element.split_once("outputFile")?.1.trim_start().strip_prefix('=')?.trim_start();
        clean_path(path.get(1..)?.split(['"', '\'']).next()?)
    };
    let (report, option) = match logged() {
        Some(path) => (path, String::new()),
        None => {
            let path = option_value(scripts, "--log-junit").unwrap_or_else(|| "junit.xml".to_owned());
            let option = format!(" --log-junit {path}");
            (path, option)
        }
    };
    let commands = ["composer install".to_owned(), format!("vendor/bin/phpunit{option}")];
    let commands = commands.map(|command| command_in(build, &command)).to_vec();
    Some(TestTool {
        name: "PHPUnit",
        file: build.at(file),
        reports: vec![build.at(&report)],
        commands,
        setup: None,
    })
}

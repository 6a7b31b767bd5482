//! Commands that publish.

use super::super::expression::Scene;
use super::super::shell::{ShellCommand, shell_commands};
use super::super::workflow::Step;
use super::actions::goreleaser_is_dry;
use super::{Certainty, Publication, image_certainty};

/// Beginnings of commands that publish a package or a release.
const COMMANDS: &[&[&str]] = &[
    &["npm", "publish"],
    &["pnpm", "publish"],
    &["bun", "publish"],
    &["yarn", "publish"],
    &["yarn", "npm", "publish"],
    &["lerna", "publish"],
    &["changeset", "publish"],
    &["pnpm", "changeset", "publish"],
    &["yarn", "changeset", "publish"],
    &["npm", "changeset", "publish"],
    &["semantic-release"],
    &["pnpm", "semantic-release"],
    &["yarn", "semantic-release"],
    &["nx", "release"],
    &["jsr", "publish"],
    &["deno", "publish"],
    &["vsce", "publish"],
    &["ovsx", "publish"],
    &["cargo", "publish"],
    &["cargo", "workspaces", "publish"],
    &["release-plz", "release"],
    &["twine", "upload"],
    &["poetry", "publish"],
    &["flit", "publish"],
    &["hatch", "publish"],
    &["uv", "publish"],
    &["pdm", "publish"],
    &["maturin", "publish"],
    &["maturin", "upload"],
    &["gem", "push"],
    &["rake", "release"],
    &["dotnet", "nuget", "push"],
    &["nuget", "push"],
    &["pod", "trunk", "push"],
    &["mix", "hex.publish"],
    &["rebar3", "hex", "publish"],
    &["luarocks", "upload"],
    &["anaconda", "upload"],
    &["snapcraft", "upload"],
    &["snapcraft", "push"],
    &["choco", "push"],
    &["gh", "release", "create"],
    &["hub", "release", "create"],
    &["glab", "release", "create"],
    &["ghr"],
    &["goreleaser", "release"],
    &["jreleaser", "full-release"],
    &["jreleaser", "release"],
    &["cr", "upload"],
    &["dart", "pub", "publish"],
    &["flutter", "pub", "publish"],
    &["helm", "push"],
];

/// Beginnings of commands that push an image.
const IMAGE_COMMANDS: &[&[&str]] = &[
    &["docker", "push"],
    &["docker", "image", "push"],
    &["docker", "manifest", "push"],
    &["docker", "compose", "push"],
    &["docker", "buildx", "imagetools", "create"],
    &["podman", "push"],
    &["podman", "manifest", "push"],
    &["buildah", "push"],
    &["skopeo", "copy"],
    &["crane", "push"],
    &["crane", "copy"],
    &["regctl", "image", "copy"],
    &["ko", "build"],
    &["ko", "publish"],
    &["oras", "push"],
];

/// Arguments that turn publishing off.
const DRY: &[&str] =
    &["--dry-run", "--dryrun", "--dry-run=true", "-n", "--noop", "--local", "--help", "--version", "--list"];

/// Targets that publish by their name.
const NAMES: &[&str] = &["deploy", "release", "publish", "ship"];

/// Returns what a script publishes; the most certain part of it.
pub fn publishing_command(script: &str, step: &Step, scene: &Scene<'_>) -> Option<Publication> {
    let commands = shell_commands(script);
    let found = commands.iter().filter_map(|command| of_command(command, script, step, scene));
    // The first of the most certain ones.
    found.reduce(|first, other| if other.certainty > first.certainty { other } else { first })
}

fn of_command(command: &ShellCommand, script: &str, step: &Step, scene: &Scene<'_>) -> Option<Publication> {
    let mut named = command.clone();
    let program = named.program().to_owned();
    if let Some(first) = named.words.first_mut() {
        *first = program;
    }
    without_global_options(&mut named);
    let name = |words: &[&str]| words.join(" ");
    if is_dry(&named, script, step) {
        return None;
    }
    if let Some(words) = COMMANDS.iter().find(|words| named.starts_with(words)) {
        return is_public(&named, step, scene).map(|certainty| Publication::new(&name(words), certainty));
    }
    if let Some(words) = IMAGE_COMMANDS.iter().find(|words| named.starts_with(words)) {
        if words[0] == "skopeo" && !named.words.last().is_some_and(|to| to.starts_with("docker://")) {
            return None;
        }
        let certainty = image_certainty(&named.words[words.len()..].join(" "), scene)?;
        return Some(Publication::new(&name(words), certainty));
    }
    let is_build = ["docker", "podman", "depot"].contains(&named.program())
        && (named.has("build") || named.has("bake"))
        && named
            .words
            .iter()
            .any(|word| word == "--push" || word.contains("push=true") || word.contains("type=registry"));
    if is_build {
        let certainty = image_certainty(&named.words.join(" "), scene)?;
        return Some(Publication::new("docker build --push", certainty));
    }
    if named.starts_with(&["gh", "release", "edit"])
        && (named.has("--draft=false") || named.option("--draft") == Some("false"))
    {
        return Some(Publication::certain("gh release edit --draft=false"));
    }
    if named.starts_with(&["cargo", "release"]) && (named.has("--execute") || named.has("-x")) {
        return Some(Publication::certain("cargo release"));
    }
    build_tool(&named, scene).or_else(|| by_name(&named))
}

/// Removes options between a package manager and its command: `pnpm -r publish`, `yarn workspace web npm publish`.
fn without_global_options(command: &mut ShellCommand) {
    let manager = command.program();
    if !["npm", "pnpm", "yarn", "cargo", "gh", "docker", "mix", "lerna", "helm"].contains(&manager) {
        return;
    }
    let mut kept: Vec<String> = command.words.iter().take(1).cloned().collect();
    let mut rest = command.words.iter().skip(1).peekable();
    while let Some(word) = rest.peek() {
        match word.as_str() {
            "workspace" | "--filter" | "-F" | "--dir" | "-C" | "--prefix" | "--cwd" | "-w"
            | "--workspace" => {
                rest.next();
                rest.next();
            }
            "workspaces" if manager == "yarn" => {
                rest.next();
                rest.next_if(|word| *word == "foreach");
            }
            option if option.starts_with('-') || option.starts_with('+') => {
                rest.next();
            }
            _ => break,
        }
    }
    kept.extend(rest.cloned());
    command.words = kept;
}

fn is_dry(command: &ShellCommand, script: &str, step: &Step) -> bool {
    if command
        .words
        .iter()
        .skip(1)
        .any(|word| DRY.contains(&word.as_str()) && !(word == "-n" && command.program() == "gh"))
    {
        return true;
    }
    // semantic-release and npm also read these.
    let is_on = |(name, text): &(String, super::super::workflow::Text)| {
        name.eq_ignore_ascii_case("npm_config_dry_run") && text.value == "true"
    };
    step.env.iter().any(is_on)
        || (command.starts_with(&["cargo", "publish"]) && script.contains("--dry-run $"))
        || (command.program() == "semantic-release"
            && (command.has("version") || command.has("-d") || command.has("changelog")))
}

/// Returns how sure it is that a package or release gets public; `None` if it stays a draft, or goes to a test registry.
fn is_public(command: &ShellCommand, step: &Step, scene: &Scene<'_>) -> Option<Certainty> {
    let all = command.words.join(" ");
    let env = step.env.iter().map(|(_, text)| text.value.as_str()).collect::<Vec<_>>().join(" ");
    let to_test = |text: &str| {
        let lower = text.to_ascii_lowercase();
        ["test.pypi.org", "testpypi", "test-pypi", "localhost", "127.0.0.1", "verdaccio"]
            .iter()
            .any(|place| lower.contains(place))
    };
    if to_test(&all) || to_test(&env) {
        return None;
    }
    match command.program() {
        "gh" | "hub" => {
            let is_draft =
                command.words.iter().any(|word| matches!(word.as_str(), "--draft" | "-d" | "--draft=true"));
            // `${DRAFT:+--draft}` and `--draft=$DRAFT` are decided when the script runs.
            let may_be_draft = command.words.iter().any(|word| word.contains("draft"));
            match (is_draft, may_be_draft && !command.has("--draft=false")) {
                (true, _) => None,
                (false, true) => Some(Certainty::ByName),
                (false, false) => Some(Certainty::Certain),
            }
        }
        "goreleaser" => (!goreleaser_is_dry(&all)).then_some(Certainty::Certain),
        "nx" => (!command.has("--skip-publish")).then_some(Certainty::Certain),
        "snapcraft" => {
            command.words.iter().any(|word| word.starts_with("--release")).then_some(Certainty::Certain)
        }
        "dart" | "flutter" => (command.has("--force") || command.has("-f")).then_some(Certainty::Certain),
        // A folder of this machine is no feed.
        "dotnet" | "nuget" => {
            let source = command.option("--source").or(command.option("-s")).or(command.option("-Source"));
            let is_folder = source.is_some_and(|to| to.starts_with('.') || to.starts_with('/'));
            (!is_folder).then_some(Certainty::Certain)
        }
        "helm" => image_certainty(&all, scene),
        _ => Some(Certainty::Certain),
    }
}

/// Maven, Gradle and sbt. From a branch they usually deploy snapshots.
fn build_tool(command: &ShellCommand, scene: &Scene<'_>) -> Option<Publication> {
    let args = &command.words[1.min(command.words.len())..];
    let task = |word: &String| word.rsplit(':').next().unwrap_or(word).to_owned();
    let by = match command.program() {
        "mvn" | "mvnw" | "mvnd" => {
            let deploys = |word: &String| {
                matches!(
                    word.as_str(),
                    "deploy" | "release:perform" | "deploy:deploy" | "nexus-staging:release"
                )
            };
            let skips = |word: &String| {
                word.starts_with("-Dmaven.deploy.skip") || word.starts_with("-DaltDeploymentRepository=local")
            };
            (args.iter().any(deploys) && !args.iter().any(skips)).then_some("mvn deploy")?
        }
        "gradle" | "gradlew" | "gradlew.bat" => {
            let publishes = |word: &String| {
                let task = task(word);
                (task.starts_with("publish")
                    && !task.contains("Local")
                    && !task.contains("Test")
                    && !task.contains("Snapshot"))
                    || task.starts_with("closeAndRelease")
                    || matches!(
                        task.as_str(),
                        "jreleaserRelease" | "jreleaserFullRelease" | "jreleaserDeploy" | "uploadArchives"
                    )
            };
            (args.iter().any(publishes) && !args.iter().any(|word| word == "-m"))
                .then_some("gradle publish")?
        }
        "sbt" => {
            let publishes = |word: &String| {
                word.split_whitespace().any(|word| {
                    matches!(
                        word.trim_start_matches('+'),
                        "ci-release" | "publish" | "publishSigned" | "sonatypeBundleRelease" | "release"
                    )
                })
            };
            args.iter().any(publishes).then_some("sbt publish")?
        }
        _ => return None,
    };
    let certainty = if scene.scenario.is_release() { Certainty::Certain } else { Certainty::ByName };
    Some(Publication::new(by, certainty))
}

/// `make deploy`, `npm run release`, `./scripts/publish.sh`.
fn by_name(command: &ShellCommand) -> Option<Publication> {
    let is_target = |word: &str| {
        let (first, rest) = word.split_once(':').unwrap_or((word, ""));
        NAMES.contains(&first) && matches!(rest, "" | "prod" | "production" | "npm" | "ci" | "release")
    };
    let target = match command.program() {
        "make" | "just" | "task" | "mage" | "rake" => {
            command.words.iter().skip(1).find(|word| is_target(word))
        }
        "npm" | "pnpm" | "yarn" | "bun" => command
            .words
            .iter()
            .skip(1)
            .find(|word| *word != "run" && *word != "run-script" && !word.starts_with('-'))
            .filter(|word| is_target(word)),
        program => {
            let stem = program
                .strip_suffix(".sh")
                .or_else(|| program.strip_suffix(".ps1"))
                .filter(|stem| NAMES.contains(stem));
            return stem.map(|_| Publication::by_name(program));
        }
    };
    target.map(|target| Publication::by_name(&format!("{} {target}", command.program())))
}

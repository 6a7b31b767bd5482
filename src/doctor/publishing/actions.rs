//! Actions that publish.

use super::super::expression::Scene;
use super::super::workflow::Step;
use super::{Certainty, Publication, image_certainty, known_text, known_truth};

/// How to decide whether an action publishes.
#[derive(Debug, Clone, Copy)]
enum When {
    /// Always.
    Always,
    /// Unless this input is true: `draft`, `dry-run`.
    Unless(&'static str),
    /// If this input is true; without the input, by the given default.
    If(&'static str, bool),
    /// If this input is there and not empty.
    Has(&'static str),
    /// If one of the words stands in this input.
    Args(&'static str, &'static [&'static str]),
    /// Releases by their name only.
    ByName,
}

/// Actions in lower case, each with its condition.
const ACTIONS: &[(&str, When)] = &[
    ("softprops/action-gh-release", When::Unless("draft")),
    ("ncipollo/release-action", When::Unless("draft")),
    ("actions/create-release", When::Unless("draft")),
    ("elgohr/github-release-action", When::Always),
    ("marvinpinto/action-automatic-releases", When::Unless("draft")),
    ("svenstaro/upload-release-action", When::Unless("draft")),
    ("comnoco/create-release-action", When::Unless("draft")),
    ("mikepenz/action-gh-release", When::Unless("draft")),
    ("release-drafter/release-drafter", When::If("publish", false)),
    ("eregon/publish-release", When::Always),
    ("test-room-7/action-publish-release-drafts", When::Always),
    ("pypa/gh-action-pypi-publish", When::Always),
    ("js-devtools/npm-publish", When::Unless("dry-run")),
    ("changesets/action", When::Has("publish")),
    ("cycjimmy/semantic-release-action", When::Unless("dry_run")),
    ("codfish/semantic-release-action", When::Unless("dry-run")),
    ("go-semantic-release/action", When::Unless("dry")),
    ("python-semantic-release/python-semantic-release", When::If("push", true)),
    ("relekang/python-semantic-release", When::Always),
    ("goreleaser/goreleaser-action", When::Args("args", &["release"])),
    ("rubygems/release-gem", When::Always),
    ("dawidd6/action-publish-gem", When::Always),
    ("katyo/publish-crates", When::Unless("dry-run")),
    ("release-plz/action", When::Args("command", &["release", ""])),
    ("marcoieni/release-plz-action", When::Args("command", &["release", ""])),
    ("helm/chart-releaser-action", When::Unless("skip_upload")),
    ("haaleo/publish-vscode-extension", When::Unless("dryrun")),
    ("lannonbr/vsce-action", When::Args("args", &["publish"])),
    ("snapcore/action-publish", When::Always),
    ("brandedoutcast/publish-nuget", When::Always),
    ("alirezanet/publish-nuget", When::Always),
    ("k-paxian/dart-package-publisher", When::Unless("dryrunonly")),
    ("etils-actions/pypi-auto-publish", When::Always),
    ("pyo3/maturin-action", When::Args("command", &["publish", "upload"])),
    ("messense/maturin-action", When::Args("command", &["publish", "upload"])),
    ("jreleaser/release-action", When::Args("arguments", &["full-release", "release", "deploy"])),
    ("docker/build-push-action", When::If("push", false)),
    ("docker/bake-action", When::If("push", false)),
    ("redhat-actions/push-to-registry", When::Always),
    ("mr-smithers-excellent/docker-build-push", When::If("pushimage", true)),
    ("elgohr/publish-docker-github-action", When::Unless("no_push")),
    ("akhilerm/tag-push-action", When::Always),
    ("googleapis/release-please-action", When::ByName),
    ("google-github-actions/release-please-action", When::ByName),
    ("actions/upload-release-asset", When::ByName),
    ("shogo82148/actions-upload-release-asset", When::ByName),
    ("alexellis/upload-assets", When::ByName),
];

/// Actions that push images.
const IMAGE_ACTIONS: &[&str] = &[
    "docker/build-push-action",
    "docker/bake-action",
    "redhat-actions/push-to-registry",
    "mr-smithers-excellent/docker-build-push",
    "elgohr/publish-docker-github-action",
    "akhilerm/tag-push-action",
];

/// Returns what the action of a step publishes.
pub fn publishing_action(step: &Step, scene: &Scene<'_>) -> Option<Publication> {
    let name = step.action()?.to_ascii_lowercase();
    let (name, when) = ACTIONS.iter().find(|(own, _)| *own == name)?;
    let certainty = certainty(step, *when, scene)?;
    let inputs = || step.with.iter().map(|(_, text)| text.value.as_str()).collect::<Vec<_>>().join(" ");
    if *name == "pypa/gh-action-pypi-publish" && inputs().contains("test.pypi.org") {
        return None;
    }
    if *name == "goreleaser/goreleaser-action" {
        let args = step.input("args").unwrap_or("");
        // Of an expression that is not known, one branch may publish.
        let known = known_text(args, scene);
        if known.as_deref().is_some_and(goreleaser_is_dry) {
            return None;
        }
    }
    if *name == "snapcore/action-publish" {
        let channel = known_text(step.input("release").unwrap_or(""), scene).unwrap_or_default();
        if !channel.is_empty() && !channel.contains("stable") {
            return Some(Publication::by_name(name));
        }
    }
    if IMAGE_ACTIONS.contains(name) {
        let names =
            [step.input("tags"), step.input("image"), step.input("name")].map(Option::unwrap_or_default);
        return Some(Publication {
            by: (*name).to_owned(),
            certainty: certainty.min(image_certainty(&names.join(" "), scene)?),
        });
    }
    Some(Publication { by: (*name).to_owned(), certainty })
}

/// Returns `true` for a run of goreleaser that publishes nothing.
pub fn goreleaser_is_dry(args: &str) -> bool {
    args.split_whitespace().any(|word| {
        matches!(
            word,
            "--snapshot" | "--skip-publish" | "--skip-publish=true" | "build" | "check" | "--prepare"
        ) || (word.starts_with("--skip=") && word.contains("publish"))
            || word == "publish,validate"
    }) || args.contains("--skip publish")
        || args.contains("--draft")
}

/// Returns how sure it is that an action publishes; `None` if it does not.
fn certainty(step: &Step, when: When, scene: &Scene<'_>) -> Option<Certainty> {
    let of_truth = |truth: Option<bool>| match truth {
        Some(true) => Some(Certainty::Certain),
        Some(false) => None,
        // An input decides, and a run may publish.
        None => Some(Certainty::ByName),
    };
    match when {
        When::Always => Some(Certainty::Certain),
        When::ByName => Some(Certainty::ByName),
        When::Unless(input) => of_truth(known_truth(step.input(input), false, scene).map(|truth| !truth)),
        When::If(input, default) => {
            let push = known_truth(step.input(input), default, scene);
            let outputs = step.input("outputs").unwrap_or("");
            let pushes = outputs.contains("push=true") || outputs.contains("type=registry");
            if pushes && push == Some(false) { Some(Certainty::Certain) } else { of_truth(push) }
        }
        When::Has(input) => {
            step.input(input).is_some_and(|value| !value.trim().is_empty()).then_some(Certainty::Certain)
        }
        When::Args(input, words) => {
            let args = known_text(step.input(input).unwrap_or(""), scene);
            match args {
                Some(args) if args.is_empty() => words.contains(&"").then_some(Certainty::Certain),
                Some(args) => {
                    args.split_whitespace().any(|arg| words.contains(&arg)).then_some(Certainty::Certain)
                }
                None => {
                    let text = step.input(input).unwrap_or("");
                    words
                        .iter()
                        .any(|word| !word.is_empty() && text.contains(word))
                        .then_some(Certainty::ByName)
                }
            }
        }
    }
}

//! The table of publishing steps, on both sides.
#![allow(clippy::unwrap_used)]

use super::super::expression::Scene;
use super::super::scenario::scenarios;
use super::super::workflow::read_workflow;
use super::{Certainty, publication};

fn certainty(on: &str, step: &str) -> Option<Certainty> {
    let text = format!("on: {on}\njobs:\n  a:\n    steps:\n      - {step}\n");
    let workflow = read_workflow(text.as_bytes(), "x.yml").unwrap();
    let scenarios = scenarios(&workflow);
    publication(&workflow.jobs[0].steps[0], &Scene::good(&scenarios[0])).map(|found| found.certainty)
}

const TAG: &str = "{ push: { tags: [v1] } }";
const MAIN: &str = "{ push: { branches: [main] } }";

#[test]
fn publishing_commands_are_certain() {
    for run in [
        "npm publish --provenance",
        "npm ci && npm publish",
        "pnpm -r publish --no-git-checks",
        "pnpm --filter web publish",
        "yarn npm publish",
        "yarn workspaces foreach -A npm publish",
        "npx semantic-release",
        "npx changeset publish",
        "cargo publish -p a",
        "cargo +nightly publish",
        "twine upload dist/*",
        "python -m twine upload dist/*",
        "uv publish",
        "poetry publish --build",
        "gem push x.gem",
        "bundle exec rake release",
        "dotnet nuget push *.nupkg --source nuget.org",
        "gh release create \"$TAG\" dist/*",
        "gh release edit v1 --draft=false",
        "goreleaser release --clean",
        "docker push ghcr.io/acme/shop:$TAG",
        "docker buildx build --push -t acme/shop:v1 .",
        "helm push chart.tgz oci://ghcr.io/acme",
        "./gradlew publish",
        "mvn -B deploy",
        "sbt ci-release",
        "./gradlew :core:publishToMavenCentral",
    ] {
        assert_eq!(certainty(TAG, &format!("run: '{run}'")), Some(Certainty::Certain), "{run}");
    }
}

#[test]
fn similar_commands_publish_nothing() {
    for run in [
        "cargo publish --dry-run",
        "npm publish --dry-run",
        "npm pack",
        "echo npm publish",
        "# npm publish",
        "npm run build",
        "gh release create v1 --draft",
        "gh release view v1",
        "goreleaser release --snapshot --clean",
        "goreleaser build",
        "goreleaser check",
        "./gradlew publishToMavenLocal",
        "mvn verify",
        "twine check dist/*",
        "twine upload --repository testpypi dist/*",
        "docker build .",
        "docker push localhost:5000/x",
        "dotnet nuget push x --source ./feed",
        "make verify-release",
        "npm run publish-website",
        "npm run release:dry",
        "make docs",
        "./scripts/verify-release.sh",
        "docker push ghcr.io/acme/ci-image:v1",
        "sbt publishLocal",
        "semantic-release version",
    ] {
        assert_eq!(certainty(TAG, &format!("run: '{run}'")), None, "{run}");
    }
}

#[test]
fn names_and_images_of_branches_are_only_likely() {
    for run in [
        "make deploy",
        "npm run release",
        "./scripts/publish.sh",
        "docker push acme/shop:latest",
        "mvn deploy",
    ] {
        assert_eq!(certainty(MAIN, &format!("run: '{run}'")), Some(Certainty::ByName), "{run}");
    }
}

#[test]
fn actions_publish_by_their_inputs() {
    let tag = |step: &str| certainty(TAG, step);
    let certain = Some(Certainty::Certain);
    assert_eq!(tag("uses: softprops/action-gh-release@v2"), certain);
    assert_eq!(tag("{ uses: softprops/action-gh-release@v2, with: { draft: true } }"), None);
    assert_eq!(tag("{ uses: softprops/action-gh-release@v2, with: { draft: false } }"), certain);
    assert_eq!(
        tag("{ uses: softprops/action-gh-release@v2, with: { draft: '${{ inputs.draft }}' } }"),
        certain
    );
    assert_eq!(tag("uses: goreleaser/goreleaser-action@v6"), None);
    assert_eq!(tag("{ uses: goreleaser/goreleaser-action@v6, with: { args: release --clean } }"), certain);
    assert_eq!(tag("{ uses: goreleaser/goreleaser-action@v6, with: { args: release --snapshot } }"), None);
    assert_eq!(tag("{ uses: goreleaser/goreleaser-action@v6, with: { install-only: true } }"), None);
    assert_eq!(
        tag("{ uses: docker/build-push-action@v6, with: { push: true, tags: acme/shop:v1 } }"),
        certain
    );
    assert_eq!(tag("{ uses: docker/build-push-action@v6, with: { push: false } }"), None);
    assert_eq!(tag("uses: docker/build-push-action@v6"), None);
    let by_event = "{ uses: docker/build-push-action@v6, with: { push: \"${{ github.event_name != 'pull_request' }}\", tags: a:v1 } }";
    assert_eq!(tag(by_event), certain);
    assert_eq!(certainty("pull_request", by_event), None);
    assert_eq!(tag("uses: pypa/gh-action-pypi-publish@release/v1"), certain);
    assert_eq!(
        tag(
            "{ uses: pypa/gh-action-pypi-publish@v1, with: { repository-url: 'https://test.pypi.org/legacy/' } }"
        ),
        None
    );
    assert_eq!(tag("uses: changesets/action@v1"), None);
    assert_eq!(tag("{ uses: changesets/action@v1, with: { publish: pnpm release } }"), certain);
    assert_eq!(tag("uses: actions/deploy-pages@v4"), None);
    assert_eq!(tag("uses: actions/attest-build-provenance@v2"), None);
}

#[test]
fn image_by_hand_needs_a_version() {
    let step = "{ run: 'docker push acme/shop:x' }";
    assert_eq!(certainty("workflow_dispatch", step), Some(Certainty::ByName));
    assert_eq!(
        certainty("{ workflow_dispatch: { inputs: { version: {} } } }", step),
        Some(Certainty::Certain)
    );
}

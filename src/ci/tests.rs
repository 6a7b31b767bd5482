#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::{ActionsContext, CiError, PullRequestRef, TriggerEvent, known_event_names};
use crate::model::{Sha, Tag};

const HEAD: &str = "3f2a9d1c5b7e80642a19f0d3c4b5a69788776655";
const BASE: &str = "90817263544536271809fedcba98765432100123";

/// The runner's variables for an event.
fn variables(event: &str) -> BTreeMap<&'static str, String> {
    [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_REPOSITORY", "acme/shop"),
        ("GITHUB_API_URL", "https://api.github.com"),
        ("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql"),
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_SHA", HEAD),
        ("GITHUB_REF", "refs/heads/main"),
        ("GITHUB_EVENT_NAME", event),
        ("GITHUB_EVENT_PATH", "/event.json"),
        ("GITHUB_RUN_ID", "55100"),
        ("GITHUB_ACTOR", "mona"),
        ("GITHUB_STEP_SUMMARY", "/summary"),
        ("GITHUB_OUTPUT", ""),
    ]
    .into_iter()
    .map(|(name, value)| (name, value.to_owned()))
    .collect()
}

/// The context of these variables, with this text as the event's file.
fn context(
    variables: &BTreeMap<&'static str, String>,
    payload: &[u8],
) -> Result<Option<ActionsContext>, CiError> {
    ActionsContext::from_env(&|name| variables.get(name).cloned(), &|path| {
        assert_eq!(path, Path::new("/event.json"));
        Ok(payload.to_vec())
    })
}

/// The event of a payload in `fixtures/events`.
fn event(name: &str, file: &str) -> TriggerEvent {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/events/{file}.json"));
    let payload = std::fs::read(path).unwrap();
    context(&variables(name), &payload).unwrap().unwrap().event
}

fn sha(text: &str) -> Sha {
    Sha(text.to_owned())
}

#[test]
fn outside_of_actions_there_is_no_context() {
    let none: BTreeMap<&str, String> = BTreeMap::new();
    assert_eq!(context(&none, b"").unwrap(), None);
    let mut local = variables("push");
    local.insert("GITHUB_ACTIONS", "false".to_owned());
    assert_eq!(context(&local, b"").unwrap(), None);
}

#[test]
fn a_run_knows_where_it_is() {
    let context = context(&variables("schedule"), b"").unwrap().unwrap();
    assert_eq!(context.event, TriggerEvent::Schedule);
    assert_eq!(context.run_url.as_deref(), Some("https://github.com/acme/shop/actions/runs/55100"));
    assert_eq!(context.ref_name, "main");
    assert_eq!(context.tag, None);
    assert_eq!(context.summary_path, Some(PathBuf::from("/summary")));
    assert_eq!(context.output_path, None);
    assert_eq!(context.read_only_because(), None);
}

#[test]
fn pull_request_is_evaluated_at_its_head_commit() {
    let expected = |fork, target| TriggerEvent::PullRequest {
        number: 41,
        head_sha: sha(HEAD),
        base_sha: sha(BASE),
        base_ref: "main".to_owned(),
        fork,
        target,
    };
    assert_eq!(event("pull_request", "pull_request"), expected(false, false));
    assert_eq!(event("pull_request", "pull_request_fork"), expected(true, false));
    assert_eq!(event("pull_request_target", "pull_request_fork"), expected(true, true));
}

#[test]
fn a_head_repository_that_is_gone_is_a_fork() {
    assert!(matches!(
        event("pull_request", "pull_request_fork_gone"),
        TriggerEvent::PullRequest { fork: true, .. }
    ));
}

#[test]
fn a_release_keeps_its_tag() {
    assert_eq!(event("release", "release"), TriggerEvent::Release { tag: Tag("v1.5.0".to_owned()) });
}

#[test]
fn a_pushed_tag_is_not_a_pushed_branch() {
    let mut run = variables("push");
    assert_eq!(context(&run, b"").unwrap().unwrap().event, TriggerEvent::BranchPush);
    run.insert("GITHUB_REF", "refs/tags/release/v1.5.0".to_owned());
    let tag = Tag("release/v1.5.0".to_owned());
    let read = context(&run, b"").unwrap().unwrap();
    assert_eq!(read.event, TriggerEvent::TagPush { tag: tag.clone() });
    assert_eq!(read.tag, Some(tag));
    assert_eq!(read.ref_name, "release/v1.5.0");
    run.insert("GITHUB_REF", "v1.5.0".to_owned());
    assert!(matches!(context(&run, b""), Err(CiError::Unexpected { name: "GITHUB_REF", .. })));
}

#[test]
fn a_following_workflow_knows_what_it_follows() {
    let expected = |branch: &str, conclusion: Option<&str>, pull_requests, fork| TriggerEvent::WorkflowRun {
        head_sha: sha(HEAD),
        head_branch: Some(branch.to_owned()),
        head_owner: Some(if fork { "mona" } else { "acme" }.to_owned()),
        trigger: "pull_request".to_owned(),
        conclusion: conclusion.map(str::to_owned),
        pull_requests,
        fork,
    };
    let pull = PullRequestRef { number: 41, head_sha: sha(HEAD) };
    assert_eq!(
        event("workflow_run", "workflow_run"),
        expected("fix-total", Some("success"), vec![pull], false)
    );
    assert_eq!(event("workflow_run", "workflow_run_fork"), expected("main", None, Vec::new(), true));
}

#[test]
fn the_other_events_are_told_apart() {
    assert_eq!(event("issues", "issues"), TriggerEvent::Issues);
    let deployment = TriggerEvent::Deployment { sha: sha(HEAD), ref_name: "v1.5.0".to_owned() };
    assert_eq!(event("deployment", "deployment"), deployment);
    assert_eq!(event("deployment_status", "deployment"), deployment);
    assert_eq!(context(&variables("workflow_dispatch"), b"").unwrap().unwrap().event, TriggerEvent::Dispatch);
    assert_eq!(
        event("merge_group", "merge_group"),
        TriggerEvent::MergeGroup {
            base_sha: sha(BASE),
            base_ref: "main".to_owned(),
            head_sha: sha(HEAD),
            head_ref: format!("gh-readonly-queue/main/pr-41-{BASE}"),
        }
    );
    assert!(context(&variables("merge_group"), b"{}").is_err(), "without its base nothing is evaluated");
    assert_eq!(
        context(&variables("milestone"), b"").unwrap().unwrap().event,
        TriggerEvent::Other("milestone".to_owned())
    );
}

/// The documentation and the error about unknown events list these names.
#[test]
fn known_events_are_the_ones_that_are_read() {
    let names = known_event_names();
    assert_eq!(names.len(), 12);
    for name in names {
        // Without a payload, a known event is refused or needs none; an unknown one is `Other`.
        let read = context(&variables(name), b"");
        assert!(!matches!(read, Ok(Some(ActionsContext { event: TriggerEvent::Other(_), .. }))), "{name}");
    }
}

#[test]
fn a_missing_variable_is_named_and_never_guessed() {
    for name in [
        "GITHUB_REPOSITORY",
        "GITHUB_API_URL",
        "GITHUB_SERVER_URL",
        "GITHUB_SHA",
        "GITHUB_EVENT_NAME",
        "GITHUB_EVENT_PATH",
    ] {
        for value in [None, Some(String::new())] {
            let mut run = variables("release");
            match value {
                Some(value) => run.insert(name, value),
                None => run.remove(name),
            };
            assert_eq!(context(&run, b"").unwrap_err().to_string(), CiError::Missing(name).to_string());
        }
    }
}

#[test]
fn an_odd_variable_is_refused_and_shown_harmlessly() {
    for (name, value) in [
        ("GITHUB_REPOSITORY", "acme"),
        ("GITHUB_REPOSITORY", "acme/shop/../../user"),
        ("GITHUB_REPOSITORY", "acme/.."),
        ("GITHUB_REPOSITORY", "acme/shop\n::error::x"),
        ("GITHUB_API_URL", "api.github.com"),
        ("GITHUB_API_URL", "file:///etc"),
        ("GITHUB_SERVER_URL", "https:// x"),
        ("GITHUB_API_URL", "https://mona:secret@ghe.example/api/v3"),
        ("GITHUB_GRAPHQL_URL", "https://mona:secr/et@ghe.example"),
        ("GITHUB_SHA", "main"),
    ] {
        let mut run = variables("schedule");
        run.insert(name, value.to_owned());
        let message = context(&run, b"").unwrap_err().to_string();
        assert!(message.contains(name) && !message.contains('\n') && !message.contains("secr"), "{message}");
    }
}

#[test]
fn an_enterprise_server_is_asked_at_its_own_address() {
    let mut run = variables("schedule");
    run.insert("GITHUB_API_URL", "https://ghe.example/api/v3/".to_owned());
    run.remove("GITHUB_GRAPHQL_URL");
    let read = context(&run, b"").unwrap().unwrap();
    assert_eq!(read.api_url, "https://ghe.example/api/v3");
    assert_eq!(read.graphql_url, "https://ghe.example/api/graphql");
}

#[test]
fn a_payload_that_cannot_be_read_says_what_and_where() {
    let run = variables("release");
    let message = |payload: &[u8]| context(&run, payload).unwrap_err().to_string();
    let lead = "the event file /event.json does not hold a `release` event: ";
    for (payload, expected) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("{\"action\": \"published\",\n\"release\": {\"id\": 1,", "release.?: EOF while parsing"),
        (
            "{\"release\": {\"tag_name\": 1}}",
            "release.tag_name: invalid type: integer `1`, expected a string",
        ),
        ("{\"action\": \"published\"}", "missing field `release`"),
        (
            "{\"action\":\"a\",\"release\":{\"id\":1,\"tag_name\":\"v1\",\"draft\":false,\"prerelease\":false}} {",
            "trailing",
        ),
        ("[]", "invalid length 0"),
        (
            "{\"release\": {\"id\": 1, \"tag_name\": \"\"}}",
            "release.tag_name: invalid value: string \"\", expected a name",
        ),
    ] {
        let message = message(payload.as_bytes());
        assert!(message.starts_with(&format!("{lead}{expected}")), "{message}");
    }
    let error = ActionsContext::from_env(&|name| run.get(name).cloned(), &|_| {
        Err(io::Error::from(io::ErrorKind::NotFound))
    });
    assert_eq!(
        error.unwrap_err().to_string(),
        "the event file /event.json (GITHUB_EVENT_PATH) could not be read: entity not found"
    );
}

#[test]
fn a_commit_that_is_none_is_refused() {
    let payload = br#"{"deployment": {"id": 1, "sha": "main", "ref": "main", "environment": "production"}}"#;
    let message = context(&variables("deployment"), payload).unwrap_err().to_string();
    assert!(
        message.contains("deployment.sha: invalid value: string \"main\", expected a full commit id"),
        "{message}"
    );
}

#[test]
fn a_token_that_cannot_write_is_foreseen() {
    let fork =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/events/pull_request_fork.json"))
            .unwrap();
    let of = |name, actor: &str| {
        let mut run = variables(name);
        run.insert("GITHUB_ACTOR", actor.to_owned());
        context(&run, &fork).unwrap().unwrap().read_only_because()
    };
    assert!(of("pull_request", "mona").unwrap().contains("fork"));
    assert_eq!(of("pull_request_target", "mona"), None);
    assert!(of("schedule", "dependabot[bot]").unwrap().contains("Dependabot"));
}

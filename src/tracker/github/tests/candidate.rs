//! The candidate, and tags without a release.

use super::*;

/// A repository with the release v1 and no issues.
fn released() -> Fake {
    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([release("v1")]))));
    fake.graphql("query Tickets", &json!({ "repository": { "list0": list(&json!([])) } }));
    fake
}

#[test]
fn pull_request_brings_its_head_and_the_branch_it_targets() {
    let fake = released();
    let pull = json!({ "headRefOid": HEAD, "baseRefName": "release-1.1" });
    fake.graphql("query PullRequest", &json!({ "repository": { "pullRequest": pull } }));
    let snapshot = gather_with(&fake, |ask| {
        ask.candidate =
            CandidateRef { name: "#3".to_owned(), pull_request: Some(3), ..CandidateRef::default() };
    });
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    let candidate = snapshot.candidate.unwrap();
    assert_eq!(
        (candidate.head.unwrap().0.as_str(), candidate.branch.as_deref()),
        (HEAD, Some("release-1.1"))
    );
}

#[test]
fn draft_is_evaluated_at_its_target() {
    let fake = released();
    let drafts = json!([{ "tag_name": "v2", "target_commitish": "main" }]);
    fake.on("GET", "/repos/acme/shop/releases", 200, &drafts);
    fake.graphql("refs/tags/v2", &json!({ "repository": { "object": null } }));
    let object = json!({ "__typename": "Commit", "oid": HEAD });
    fake.graphql("\"expression\":\"main\"", &json!({ "repository": { "object": object } }));
    let draft = |ask: &mut CollectionRequest<'_>| {
        ask.candidate =
            CandidateRef { name: "v2".to_owned(), tag: Some("v2".to_owned()), ..CandidateRef::default() };
    };
    let absent = gather_with(&fake, draft);
    assert!(gaps(&absent)[0].contains("the tag v2 does not exist"), "{:?}", absent.gaps);

    let with_draft = Fake::start();
    let mut v2 = release("v2");
    v2["isDraft"] = json!(true);
    v2["publishedAt"] = json!(null);
    v2["tagCommit"] = json!(null);
    let labels = list(&json!([{ "name": "production-bug" }]));
    with_draft.graphql("query Overview", &overview(&labels, &list(&json!([release("v1"), v2]))));
    with_draft.graphql("query Tickets", &json!({ "repository": { "list0": list(&json!([])) } }));
    with_draft.graphql("refs/tags/v2", &json!({ "repository": { "object": null } }));
    with_draft.graphql(
        "\"expression\":\"main\"",
        &json!({ "repository": { "object": { "__typename": "Commit", "oid": HEAD } } }),
    );
    with_draft.on("GET", "/repos/acme/shop/releases", 200, &drafts);
    let snapshot = gather_with(&with_draft, draft);
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    assert_eq!(snapshot.candidate.unwrap().head.unwrap().0, HEAD);
}

#[test]
fn tags_without_a_release_count_on_request() {
    let fake = released();
    let annotated = json!({ "__typename": "Tag", "oid": "t", "tagger": { "date": "2026-02-01T10:00:00+02:00" },
        "target": { "__typename": "Commit", "oid": "c", "committedDate": "2026-01-01T00:00:00Z" } });
    let light = json!({ "__typename": "Commit", "oid": "d", "committedDate": "2026-01-01T00:00:00Z" });
    let tags = list(&json!([
        { "name": "v1", "target": light }, { "name": "v3", "target": annotated }, { "name": "other", "target": light },
        { "name": "vtree", "target": { "__typename": "Tree", "oid": "e" } }
    ]));
    fake.graphql("query Tags", &json!({ "repository": { "refs": tags } }));
    let snapshot = gather_with(&fake, |ask| ask.tags_only = true);
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    let releases = snapshot.releases.unwrap();
    let found: Vec<_> = releases.iter().map(|release| release.tag.0.as_str()).collect();
    assert_eq!(found, ["v1", "v3"]);
    assert_eq!(releases[1].commit.as_ref().unwrap().0, "c");
    assert_eq!(releases[1].published_at.unwrap().to_string(), "2026-02-01T08:00:00Z");

    let fake = released();
    let nowhere = list(&json!([{ "name": "v4", "target": null }]));
    fake.graphql("query Tags", &json!({ "repository": { "refs": nowhere } }));
    let snapshot = gather_with(&fake, |ask| ask.tags_only = true);
    assert_eq!(gaps(&snapshot), ["where tag v4 leads could not be read"]);
}

#![allow(clippy::unwrap_used)]
use super::*;

fn release(tag: &str, published: &str) -> Release {
    Release {
        tag: Tag(tag.into()),
        name: None,
        commit: None,
        committed_at: None,
        published_at: (!published.is_empty()).then(|| published.parse().unwrap()),
        draft: published.is_empty(),
        prerelease: tag.contains("rc"),
        url: None,
        product: None,
        line: None,
    }
}

fn timeline(candidate: &str) -> Timeline {
    let releases = vec![
        release("v1.2.0", "2026-03-01T00:00:00Z"),
        release("v1.0.0", "2026-01-01T00:00:00Z"),
        release("v1.3.0", ""),
        release("v1.2.0-rc.1", "2026-02-20T00:00:00Z"),
        release("v1.1.0", "2026-02-01T00:00:00Z"),
    ];
    let candidate = Candidate {
        name: candidate.into(),
        tag: Some(Tag(candidate.into())),
        head: None,
        pull_request: None,
        branch: None,
        ..Candidate::default()
    };
    Timeline::new(releases, Some(&candidate))
}

fn tags(releases: Vec<&Release>) -> Vec<&str> {
    releases.into_iter().map(|r| r.tag.0.as_str()).collect()
}

#[test]
fn the_candidate_is_never_its_own_predecessor() {
    assert_eq!(timeline("v1.2.0").current().unwrap().tag.0, "v1.1.0");
    assert_eq!(timeline("v1.3.0").current().unwrap().tag.0, "v1.2.0");
}

#[test]
fn published_candidate_is_in_production_and_draft_is_not() {
    assert_eq!(tags(timeline("v1.2.0").supported(1)), ["v1.2.0", "v1.1.0"]);
    assert_eq!(tags(timeline("v1.3.0").supported(2)), ["v1.2.0", "v1.1.0"]);
}

#[test]
fn pre_releases_are_in_nobodys_production() {
    let moment = "2026-02-25T00:00:00Z".parse().unwrap();
    assert_eq!(timeline("v1.3.0").newest_at(moment).unwrap().tag.0, "v1.1.0");
    assert_eq!(timeline("v1.3.0").first_after(moment).unwrap().tag.0, "v1.2.0");
}

#[test]
fn a_written_version_finds_its_release_whatever_its_spelling() {
    let line = timeline("v1.3.0");
    let moment = "2026-04-01T00:00:00Z".parse().unwrap();
    for (text, tag) in
        [("1.2", "v1.2.0"), ("V1.2.0", "v1.2.0"), ("1.2.0-rc1", "v1.2.0-rc.1"), ("1.1.x", "v1.1.0")]
    {
        assert_eq!(
            line.named(text, moment),
            NamedVersions::One(line.get(&Tag(tag.into())).unwrap()),
            "{text}"
        );
    }
    assert_eq!(line.named("9.9", moment), NamedVersions::Nothing);
}

#[test]
fn a_version_that_two_products_have_names_neither() {
    let line = Timeline::new(
        vec![release("api-1.0.0", "2026-01-01T00:00:00Z"), release("web-1.0.0", "2026-01-02T00:00:00Z")],
        None,
    );
    let moment = "2026-04-01T00:00:00Z".parse().unwrap();
    assert!(matches!(line.named("1.0.0", moment), NamedVersions::Several(_)));
    assert!(matches!(line.named("web-1.0.0", moment), NamedVersions::One(_)));
}

const MOMENT: &str = "2026-12-01T00:00:00Z";

fn of(releases: &[(&str, &str)], candidate: Option<&str>) -> Timeline {
    let releases = releases.iter().map(|(tag, day)| release(tag, &format!("{day}T00:00:00Z"))).collect();
    let candidate = candidate.map(|tag| Candidate { tag: Some(Tag(tag.into())), ..Candidate::default() });
    Timeline::new(releases, candidate.as_ref())
}

const LINES: [(&str, &str); 5] = [
    ("v7.5.0", "2026-01-01"),
    ("v8.0.0", "2026-02-01"),
    ("v7.5.1", "2026-03-01"),
    ("v7.1.5", "2026-04-01"),
    ("v8.1.0", "2026-05-01"),
];

#[test]
fn predecessors_are_ordered_by_version() {
    let line = of(&LINES, Some("v7.5.2"));
    assert_eq!(line.current().unwrap().tag.0, "v7.5.1");
    assert_eq!(tags(line.before_candidate().collect()), ["v7.5.1", "v7.5.0", "v7.1.5"]);
    assert_eq!(tags(line.supported(2)), ["v7.5.1", "v7.5.0"]);
    assert_eq!(line.line().as_deref(), Some("7.5"));
    assert_eq!(line.is_not_after_candidate(&Tag("v8.0.0".into())), Some(false));
    assert_eq!(line.is_not_after_candidate(&Tag("v7.5.2".into())), Some(true));
}

#[test]
fn candidate_without_tag_stands_after_every_release() {
    assert_eq!(of(&LINES, None).current().unwrap().tag.0, "v8.1.0");
    assert_eq!(of(&LINES, None).before_candidate().count(), 5);
}

#[test]
fn branch_stands_where_its_highest_release_stands() {
    let releases = LINES.iter().map(|(tag, day)| release(tag, &format!("{day}T00:00:00Z"))).collect();
    let after = Tag("v7.5.1".into());
    let branch = Candidate { branch: Some("release-7.5".into()), ..Candidate::default() };
    let standing = CandidateStanding { after: Some(&after), ..CandidateStanding::default() };
    let line = Timeline::standing(releases, Some(&branch), standing);
    assert_eq!(tags(line.before_candidate().collect()), ["v7.5.1", "v7.5.0", "v7.1.5"]);
    assert_eq!(line.is_not_after_candidate(&Tag("v8.1.0".into())), Some(false));
    assert_eq!(line.version(), None);
}

#[test]
fn releases_of_one_second_are_both_predecessors() {
    let line = of(&[("v1.4.1", "2026-01-01"), ("v1.5.0", "2026-01-01")], Some("v1.5.0"));
    assert_eq!(tags(line.supported(1)), ["v1.5.0", "v1.4.1"]);
    assert_eq!(line.published_before_candidate().count(), 1);
}

#[test]
fn other_product_is_no_predecessor() {
    let releases = [("api-1.0.0", "2026-01-01"), ("web-3.0.0", "2026-02-01"), ("api-1.1.0", "2026-03-01")];
    let line = of(&releases, Some("api-1.2.0"));
    assert_eq!(tags(line.before_candidate().collect()), ["api-1.1.0", "api-1.0.0"]);
    assert_eq!(line.newest_at(MOMENT.parse().unwrap()).unwrap().tag.0, "api-1.1.0");
    assert_eq!(line.is_not_after_candidate(&Tag("web-3.0.0".into())), None);
    assert_eq!(of(&releases, Some("docs-1.0.0")).current(), None);
    // Without a product, time alone puts the releases of several products in order.
    assert_eq!(of(&releases, Some("v2.0.0")).current().unwrap().tag.0, "api-1.1.0");
    assert_eq!(of(&releases, None).before_candidate().count(), 3);
}

#[test]
fn prefix_that_tags_got_later_loses_no_release() {
    let line = of(&[("v1.0.0", "2026-01-01"), ("v1.1.0", "2026-02-01")], Some("app-1.2.0"));
    assert_eq!(line.current().unwrap().tag.0, "v1.1.0");
    let line = of(&[("project-1_0", "2026-01-01")], Some("v2.0.0"));
    assert_eq!(line.current().unwrap().tag.0, "project-1_0");
}

#[test]
fn tag_without_version_is_ordered_by_time() {
    let releases = [("v1.0.0", "2026-01-01"), ("winter", "2026-02-01"), ("v1.1.0", "2026-03-01")];
    let line = of(&releases, Some("v1.2.0"));
    assert_eq!(tags(line.before_candidate().collect()), ["v1.1.0", "winter", "v1.0.0"]);
    assert_eq!(tags(of(&releases, Some("v1.1.0")).before_candidate().collect()), ["winter", "v1.0.0"]);
    assert_eq!(tags(of(&releases, Some("winter")).before_candidate().collect()), ["v1.0.0"]);
    assert_eq!(
        tags(of(&releases, Some("spring")).before_candidate().collect()),
        ["v1.1.0", "winter", "v1.0.0"]
    );
}

#[test]
fn newest_release_at_a_moment_is_the_highest() {
    let line = of(&LINES, Some("v7.5.2"));
    assert_eq!(line.newest_at("2026-04-15T00:00:00Z".parse().unwrap()).unwrap().tag.0, "v8.0.0");
    assert_eq!(line.first_after("2026-02-15T00:00:00Z".parse().unwrap()).unwrap().tag.0, "v7.5.1");
}

#[test]
fn product_and_line_of_a_release_override_its_tag() {
    let mut first = release("build-1.4.0", "2026-01-01T00:00:00Z");
    first.product = Some("Shop".into());
    first.line = Some("2026-lts".into());
    let tag = first.tag.clone();
    let standing = CandidateStanding { product: Some("shop"), after: None };
    let candidate = Candidate { tag: Some(Tag("build-1.4.1".into())), ..Candidate::default() };
    let line = Timeline::standing(vec![first], Some(&candidate), standing);
    assert_eq!(line.versioned(&tag).unwrap().line.as_deref(), Some("2026-lts"));
    assert_eq!(line.current().unwrap().tag, tag);
}

#[test]
fn short_version_names_all_releases_of_its_line() {
    let line = of(&LINES, Some("v7.5.2"));
    let find =
        |text: &str, product| line.lookup(&Version::parse(text).unwrap(), product, MOMENT.parse().unwrap());
    let releases =
        |tags: &[&str]| VersionMatch::Releases(tags.iter().map(|tag| Tag((*tag).into())).collect());
    assert_eq!(find("7.5", None), releases(&["v7.5.0", "v7.5.1"]));
    assert_eq!(find("7.x", None), releases(&["v7.1.5", "v7.5.0", "v7.5.1"]));
    assert_eq!(find("8", None), releases(&["v8.0.0", "v8.1.0"]));
    assert_eq!(find("7.5.2", None), releases(&["v7.5.2"]));
    assert_eq!(find("7.5.2", Some("mcp")), releases(&["v7.5.2"]));
    assert_eq!(find("9.0.0", None), VersionMatch::Nothing);
}

#[test]
fn version_of_another_product_is_not_the_candidates() {
    let releases = [("cli@1.2.3", "2026-01-01"), ("mcp@1.3.0", "2026-02-01"), ("cli@1.3.0", "2026-02-01")];
    let line = of(&releases, Some("cli@1.4.0"));
    let find =
        |text: &str, product| line.lookup(&Version::parse(text).unwrap(), product, MOMENT.parse().unwrap());
    assert_eq!(find("1.3.0", None), VersionMatch::Releases(vec![Tag("cli@1.3.0".into())]));
    assert_eq!(find("1.3.0", Some("cli")), VersionMatch::Releases(vec![Tag("cli@1.3.0".into())]));
    assert_eq!(find("1.3.0", Some("mcp")), VersionMatch::OtherProduct("mcp".into()));
    assert_eq!(find("1.3.0", Some("web")), VersionMatch::OtherProduct("web".into()));
}

#[test]
fn named_product_orders_untagged_candidate() {
    let releases = vec![
        release("api@1.0.0", "2026-01-01T00:00:00Z"),
        release("web@9.0.0", "2026-02-01T00:00:00Z"),
        release("api@1.1.0", "2026-01-15T00:00:00Z"),
    ];
    let candidate = Candidate { name: "#9".into(), ..Candidate::default() };
    let of = |product| {
        let standing = CandidateStanding { product, after: None };
        Timeline::standing(releases.clone(), Some(&candidate), standing)
    };
    let moment = "2026-03-01T00:00:00Z".parse().unwrap();
    let api = of(Some("API"));
    assert_eq!(tags(api.before_candidate().collect()), ["api@1.1.0", "api@1.0.0"]);
    assert_eq!(api.newest_at(moment).unwrap().tag.0, "api@1.1.0");
    let other = api.lookup(&Version::parse("9.0.0").unwrap(), None, moment);
    assert_eq!(other, VersionMatch::Nothing);
    assert_eq!(of(None).newest_at(moment).unwrap().tag.0, "web@9.0.0");
}

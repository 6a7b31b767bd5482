#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::super::keys::{Key, Merge, ValueType};
use super::super::sections::POLICY;
use super::super::{Base, Code, Library, Parsed, Refused, Unread, load, parse};

/// One base, whatever it is asked for by.
struct One<'a>(&'a str);

impl Library for One<'_> {
    fn read(&self, _: &Base) -> Result<Vec<u8>, Unread> {
        Ok(self.0.as_bytes().to_vec())
    }
}

const DEFECTS_OPEN: &str = "defects: { escaped: { labels: [prod] }";

const DEFECTS: &str = "defects: { escaped: { labels: [prod] }, caught: { labels: [bug, task] }, \
                       excluded: { vendor: [v, w] }, severity: { critical: [P0], major: [P1] } }\n";
const RULES: &str =
    "rules:\n  - { id: rate, metric: escape-rate, warn: 3%, max: 5%, min-sample: 10, level: overridable }\n";

/// A rule on a length of time.
const TIME: &str = "rules: [{ id: t, metric: time-to-detect, max: 90d }]";

/// A rule on what is not fixed.
const UNFIXED: &str = "rules: [{ id: u, metric: unfixed, max: 0 }]";
const UNFIXED_WARN: &str = "rules: [{ id: u, metric: unfixed, hotfix: warn, max: 0 }]";

/// Rules with and without a place that they are not evaluated in.
const ON_RELEASES: &str =
    "rules: [{ id: o, metric: escaped, max: 1, on: [release] }, { id: p, metric: escaped, max: 1 }]";
const ON_BOTH: &str = "rules: [{ id: o, metric: escaped, max: 1, on: [pull-request, release] }]";

/// `own` over `base`, both completed.
fn over(base: &str, own: &str) -> Result<Parsed, Refused> {
    let part = |text: &str, key: &str, part: &'static str| if text.contains(key) { "" } else { part };
    let base =
        format!("version: 1\n{}{}{base}\n", part(base, "defects:", DEFECTS), part(base, "rules:", RULES));
    let own = format!("version: 1\nextends: [base.yml]\n{own}\n");
    load(own.as_bytes(), "own.yml", &One(&base))
}

/// Returns the effective value of a key, by its path in the JSON form.
fn holds(parsed: &Parsed, pointer: &str) -> String {
    let json = parsed.effective.json(&parsed.policy.inherited);
    json["policy"].pointer(pointer).map_or_else(String::new, ToString::to_string)
}

#[test]
fn what_a_base_leaves_out_is_named_as_what_it_means() {
    let coverage = "rules: [{ id: c, metric: root-cause-coverage, min: 90% }]";
    for (base, own, expected) in [
        (TIME, "{ id: t, confidence: stated }", "`stated` instead of `as sure as usual`"),
        (TIME, "{ id: t, since: commit }", "`commit` instead of `release`"),
        (coverage, "{ id: c, sample: 1 }", "`1` instead of `no sample`"),
        (coverage, "{ id: c, per: team }", "`team` instead of `all together`"),
        (coverage, "{ id: c, where: { team: a } }", "`{ team: a }` instead of `all defects`"),
    ] {
        let refused = over(base, &format!("rules: [{own}]")).map(|_| ()).expect_err(own).render(false);
        assert!(refused.contains(expected), "{refused}");
    }
    over(TIME, "rules: [{ id: t, since: release }]").expect("it says what held anyway");
}

#[test]
fn the_stricter_value_holds_without_a_word() {
    for (base, own, pointer, expected) in [
        ("", "rules: [{ id: rate, max: 4% }]", "/rules/0/max", "\"4%\""),
        ("", "rules: [{ id: rate, max: 2% }]", "/rules/0/warn", ""),
        ("", "rules: [{ id: rate, warn: 1% }]", "/rules/0/warn", "\"1%\""),
        ("", "rules: [{ id: rate, max: 0 }]", "/rules/0/max", "0"),
        ("", "rules: [{ id: rate, min-sample: 20 }]", "/rules/0/min-sample", "20"),
        ("tests: { expect: [a] }", "tests: { expect: [b] }", "/tests/expect", "[\"a\",\"b\"]"),
        ("tests: { expect: [a, b] }", "tests: { expect: [b] }", "/tests/expect", "[\"a\",\"b\"]"),
        ("", "rules: [{ id: rate, insufficient: unknown }]", "/rules/0/insufficient", "\"unknown\""),
        ("", "rules: [{ id: rate, level: mandatory }]", "/rules/0/level", "\"mandatory\""),
        ("pull-requests: warn", "pull-requests: block", "/pull-requests", "\"block\""),
        ("", "pull-requests: block", "/pull-requests", "\"block\""),
        (ON_RELEASES, "rules: [{ id: o, on: [pull-request, release] }]", "/rules/0/on/1", "\"release\""),
        (ON_RELEASES, "rules: [{ id: o, on: [release] }]", "/rules/0/on", "[\"release\"]"),
        (ON_RELEASES, "rules: [{ id: o, max: 0 }]", "/rules/0/on", "[\"release\"]"),
        ("", "rules: [{ id: rate, on: [release, pull-request] }]", "/rules/0/id", "\"rate\""),
        ("", "rules: [{ id: rate, over: 90d }]", "/rules/0/over", "\"90d\""),
        ("", "rules: [{ id: own, metric: tests.failed, max: 0 }]", "/rules/1/id", "\"own\""),
        ("releases: { supported: 3 }", "releases: { supported: 4 }", "/releases/supported", "4"),
        ("releases: { tags: v* }", "releases: { supported: 2 }", "/releases/tags", "\"v*\""),
        ("", "releases: { tags: v* }", "/releases/tags", "\"v*\""),
        ("", "product: api", "/product", "\"api\""),
        ("", "defects: { escaped: { labels: [more] } }", "/defects/escaped/labels", "[\"prod\",\"more\"]"),
        ("", "defects: { escaped: { labels: [PROD] } }", "/defects/escaped/labels", "[\"prod\"]"),
        ("", "defects: { caught: { labels: [bug] } }", "/defects/caught/labels", "[\"bug\"]"),
        (
            "",
            "defects: { escaped: [{ type: Bug }] }",
            "/defects/escaped",
            "[{\"labels\":[\"prod\"]},{\"type\":[\"Bug\"]}]",
        ),
        ("", "defects: { escaped: [{ labels: [Prod] }] }", "/defects/escaped/labels", "[\"prod\"]"),
        ("", "defects: { caught: [{ labels: [task] }] }", "/defects/caught", "[{\"labels\":[\"task\"]}]"),
        ("", "defects: { blocking: { labels: [b] } }", "/defects/blocking/labels", "[\"b\"]"),
        (
            &format!("{DEFECTS_OPEN}, blocking: {{ labels: [b] }} }}"),
            "defects: { blocking: { labels: [b], require: ok } }",
            "/defects/blocking/1/require",
            "\"ok\"",
        ),
        ("", "defects: { excluded: { vendor: [w] } }", "/defects/excluded/vendor", "[\"w\"]"),
        ("", "defects: { severity: { critical: [S0] } }", "/defects/severity/critical", "[\"P0\",\"S0\"]"),
        ("", "defects: { severity: { untriaged: unknown } }", "/defects/severity/untriaged", "\"unknown\""),
        ("missing: { tests: warn }", "missing: { tests: unknown }", "/missing/tests", "\"unknown\""),
        ("mode: observe", "mode: enforce", "/mode", "\"enforce\""),
        ("tests: { reruns: by-name }", "tests: { reruns: reported }", "/tests/reruns", "\"reported\""),
        (TIME, "rules: [{ id: t, max: 12w }]", "/rules/0/max", "\"12w\""),
        (UNFIXED_WARN, "rules: [{ id: u, hotfix: block }]", "/rules/0/hotfix", "\"block\""),
        (
            UNFIXED_WARN,
            "rules: [{ id: u, under-investigation: count }]",
            "/rules/0/under-investigation",
            "\"count\"",
        ),
        ("lines: { complete: false }", "lines: { complete: false }", "/lines/complete", "false"),
        ("", "periods: { sprint: { starts: 2026-01-05, length: 2w } }", "/periods/sprint/length", "\"2w\""),
        ("", "defects: { closed-without-change: unknown }", "/defects/closed-without-change", "\"unknown\""),
        (
            "",
            "defects: { status: [{ issue: 1, in: 1.6, is: affected, by: m, reason: r }] }",
            "/defects/status/0/is",
            "\"affected\"",
        ),
        ("attribution: { bots: [a] }", "attribution: { bots: [b] }", "/attribution/bots", "[\"a\",\"b\"]"),
        (
            "",
            "attribution: { form: { headings: { skip: [x] } } }",
            "/attribution/form/headings/skip",
            "[\"x\"]",
        ),
        (
            "releases: { failure-within: 7d }",
            "releases: { failure-within: 7d }",
            "/releases/failure-within",
            "\"7d\"",
        ),
        ("missing: { origins: warn }", "missing: { origins: unknown }", "/missing/origins", "\"unknown\""),
        ("", "attribution: { introduced-in: [blame] }", "/attribution/introduced-in", "[\"blame\"]"),
        ("", "attribution: { count-by: found }", "/attribution/count-by", "\"found\""),
        ("", "attribution: { at-most: 200 }", "/attribution/at-most", "200"),
        (
            "attribution: { history: api }",
            "attribution: { history: clone }",
            "/attribution/history",
            "\"clone\"",
        ),
        (
            "attribution: { overrides: [{ issue: 1, introduced-in: v1, reason: a }] }",
            "attribution: { overrides: [{ issue: 2, introduced-in: v2, reason: b }] }",
            "/attribution/overrides/1/issue",
            "2",
        ),
        ("", "overrides: { roles: [admin] }", "/overrides/roles", "[\"admin\"]"),
        ("", "approvers: { users: [mona] }", "/approvers/users", "[\"mona\"]"),
        (
            "tests: { reports: [a, \"!b\"] }",
            "tests: { reports: [c, \"!b\"] }",
            "/tests/reports",
            "[\"a\",\"!b\",\"c\"]",
        ),
    ] {
        let parsed = over(base, own).unwrap_or_else(|refused| panic!("{own}: {}", refused.render(false)));
        assert_eq!(holds(&parsed, pointer), expected, "{base} / {own}");
        assert!(parsed.policy.inherited.loosened.is_empty(), "{own}");
    }
}

#[test]
fn nothing_is_looser_without_a_word() {
    for (base, own, target) in [
        ("", "rules: [{ id: rate, max: 6% }]", "rule: rate"),
        ("", "rules: [{ id: rate, warn: 4% }]", "rule: rate"),
        ("", "rules: [{ id: rate, max: previous }]", "rule: rate"),
        ("", "rules: [{ id: rate, min-sample: 9 }]", "rule: rate"),
        ("", "rules: [{ id: rate, insufficient: pass }]", "rule: rate"),
        ("", "rules: [{ id: rate, level: advisory }]", "rule: rate"),
        ("", "pull-requests: warn", "key: pull-requests"),
        ("pull-requests: block", "pull-requests: warn", "key: pull-requests"),
        ("", "rules: [{ id: rate, on: [release] }]", "rule: rate"),
        (ON_BOTH, "rules: [{ id: o, on: [release] }]", "rule: o"),
        (ON_RELEASES, "rules: [{ id: o, on: [pull-request] }]", "rule: o"),
        ("", "rules: [{ id: rate, over: 30d }]", "rule: rate"),
        ("", "rules: [{ id: rate, where: { severity: major } }]", "rule: rate"),
        ("", "rules: [{ id: rate, per: severity }]", "rule: rate"),
        ("", "rules: [{ id: rate, metric: root-cause-coverage }]", "rule: rate"),
        (
            "rules: [{ id: t, metric: escaped, trend: { over: 4 quarters, must: decrease } }]",
            "rules: [{ id: t, trend: { must: not-increase } }]",
            "rule: t",
        ),
        ("rules: [{ id: m, metric: escaped, max: 0 }]", "rules: [{ id: m, level: advisory }]", "rule: m"),
        ("releases: { supported: 3 }", "releases: { supported: 2 }", "key: releases.supported"),
        ("", "releases: { supported: 1 }", "key: releases.supported"),
        ("releases: { tags: v* }", "releases: { tags: x* }", "key: releases.tags"),
        ("product: api", "product: web", "key: product"),
        ("releases: { mature-after: 30d }", "releases: { mature-after: 40d }", "key: releases.mature-after"),
        ("", "defects: { caught: { labels: [bug, task, more] } }", "key: defects.caught.labels"),
        ("", "defects: { caught: { types: [Task] } }", "key: defects.caught.types"),
        (UNFIXED, "rules: [{ id: u, since: 2026-11-01 }]", "rule: u"),
        (UNFIXED, "rules: [{ id: u, hotfix: warn }]", "rule: u"),
        (UNFIXED, "rules: [{ id: u, under-investigation: ignore }]", "rule: u"),
        (UNFIXED, "rules: [{ id: u, over: supported }]", "rule: u"),
        ("", "lines: { complete: true }", "key: lines.complete"),
        ("", "releases: { failure-within: 7d }", "key: releases.failure-within"),
        ("", "defects: { pre-releases: caught }", "key: defects.pre-releases"),
        (
            "defects: { escaped: { labels: [prod] }, closed-without-change: unknown }",
            "defects: { closed-without-change: fixed }",
            "key: defects.closed-without-change",
        ),
        (
            "periods: { sprint: { starts: 2026-01-05, length: 2w } }",
            "periods: { sprint: { starts: 2026-01-05, length: 3w } }",
            "key: periods",
        ),
        (
            "attribution: { form: { headings: { read: [a] } } }",
            "attribution: { form: { headings: { read: [a, b] } } }",
            "key: attribution.form.headings.read",
        ),
        ("", "defects: { caught: [{ all-labels: [bug, seen] }] }", "key: defects.caught"),
        ("", "defects: { excluded: { vendor: [v], own: [x] } }", "key: defects.excluded"),
        ("", "defects: { severity: { major: [P1, P2] } }", "key: defects.severity.major"),
        ("", "defects: { severity: { minor: [P2] } }", "key: defects.severity.minor"),
        ("", "defects: { severity: { untriaged: major } }", "key: defects.severity.untriaged"),
        ("", "missing: { severity: minor }", "key: missing.severity"),
        ("", "missing: { issues: warn }", "key: missing.issues"),
        ("", "mode: observe", "key: mode"),
        ("", "releases: { mature-after: 90d }", "key: releases.mature-after"),
        ("", "releases: { hotfix-within: 1h }", "key: releases.hotfix-within"),
        ("", "attribution: { found-in: [field] }", "key: attribution.found-in"),
        ("", "missing: { deployments: warn }", "key: missing.deployments"),
        ("", "missing: { origins: warn }", "key: missing.origins"),
        ("", "attribution: { count-by: introduced }", "key: attribution.count-by"),
        ("", "attribution: { at-most: 99 }", "key: attribution.at-most"),
        (
            "attribution: { introduced-in: [override, blame] }",
            "attribution: { introduced-in: [override] }",
            "key: attribution.introduced-in",
        ),
        (TIME, "rules: [{ id: t, max: 13w }]", "rule: t"),
        (TIME, "rules: [{ id: t, confidence: stated }]", "rule: t"),
        (TIME, "rules: [{ id: t, since: commit }]", "rule: t"),
        (
            "rules: [{ id: c, metric: root-cause-coverage, min: 90% }]",
            "rules: [{ id: c, sample: 1 }]",
            "rule: c",
        ),
        ("approvers: { users: [mona] }", "approvers: { users: [mona, hubot] }", "key: approvers.users"),
        ("approvers: { users: [mona] }", "approvers: { teams: [acme/all] }", "key: approvers.teams"),
        ("", "overrides: { roles: [maintain, admin, write] }", "key: overrides.roles"),
        ("", "overrides: { users: [mona] }", "key: overrides.users"),
        ("tests: { reports: [a] }", "tests: { reports: [a, \"!b\"] }", "key: tests.reports"),
        ("", "tests: { reruns: by-name }", "key: tests.reruns"),
        (
            "attribution: { found-in: [field, label] }",
            "attribution: { found-in: [label, field] }",
            "key: attribution.found-in",
        ),
    ] {
        let refused = over(base, own).map(|_| ()).expect_err(own);
        let codes: Vec<Code> = refused.diagnostics().iter().map(|one| one.code()).collect();
        assert_eq!(codes, [Code::Loosened], "{base} / {own}: {}", refused.render(false));
        assert!(refused.render(false).contains("own.yml:3"), "{}", refused.render(false));
        let allowed = format!("override: [{{ {target}, reason: Because. }}]\n{own}");
        let parsed =
            over(base, &allowed).unwrap_or_else(|refused| panic!("{own}: {}", refused.render(false)));
        assert_eq!(parsed.policy.inherited.loosened.len(), 1, "{own}");
        assert_eq!(parsed.policy.inherited.loosened[0].reason, "Because.");
        assert!(parsed.warnings.iter().all(|one| one.code() != Code::UnusedOverride), "{own}");
    }
}

#[test]
fn of_two_bases_none_loosens_a_rule_of_the_other() {
    struct Two<'a>(&'a str, &'a str);
    impl Library for Two<'_> {
        fn read(&self, base: &Base) -> Result<Vec<u8>, Unread> {
            let rule = if base.to_string() == "a.yml" { self.0 } else { self.1 };
            Ok(format!("version: 1\n{DEFECTS}rules: [{{ id: r, {rule} }}]\n").into_bytes())
        }
    }
    fn heir(one: &str, other: &str, own: &str) -> Result<Parsed, Refused> {
        let own = format!("version: 1\nextends: [a.yml, b.yml]\n{own}");
        load(own.as_bytes(), "own.yml", &Two(one, other))
    }
    for (rule, said, pointer, expected) in [
        ("metric: unfixed, max: 0", "level: advisory", "/rules/0/level", "\"mandatory\""),
        ("metric: unfixed, max: 0", "level: mandatory", "/rules/0/level", "\"mandatory\""),
        ("metric: unfixed, max: 0", "over: all", "/rules/0/over", "\"all\""),
        ("metric: escape-rate, max: 5%", "min-sample: 9", "/rules/0/min-sample", "9"),
        ("metric: escape-rate, max: 5%", "warn: 3%", "/rules/0/warn", "\"3%\""),
        ("metric: unfixed, max: 0", "on: [release]", "/rules/0/on", ""),
    ] {
        let more = format!("{rule}, {said}");
        for (one, other) in [(rule, more.as_str()), (more.as_str(), rule)] {
            let parsed = heir(one, other, "").unwrap_or_else(|refused| panic!("{}", refused.render(false)));
            assert_eq!(holds(&parsed, pointer), expected, "{one} / {other}");
        }
    }
    for said in ["where: { severity: critical }", "over: 1d", "per: severity"] {
        let (rule, more) = ("metric: escaped, max: 0", format!("metric: escaped, max: 0, {said}"));
        for (one, other) in [(rule, more.as_str()), (more.as_str(), rule)] {
            let refused = heir(one, other, "").map(|_| ()).expect_err(said);
            let codes: Vec<Code> = refused.diagnostics().iter().map(|one| one.code()).collect();
            assert_eq!(codes, [Code::BasesDisagree], "{one} / {other}: {}", refused.render(false));
            let own = format!("override: [{{ rule: r, reason: Ours. }}]\nrules: [{{ id: r, {said} }}]\n");
            assert!(heir(one, other, &own).is_ok(), "{one} / {other}");
        }
    }
    let (one, other) =
        ("metric: escaped, max: 1, on: [release]", "metric: escaped, max: 1, on: [pull-request]");
    let parsed = heir(one, other, "").expect("both places are looked at");
    assert_eq!(holds(&parsed, "/rules/0/on"), "[\"release\",\"pull-request\"]");
    let presets = "version: 1\nextends: [zero-critical, starter]\ndefects: { escaped: { labels: [prod] } }\n";
    let parsed = parse(presets.as_bytes(), "own.yml").expect("presets go together");
    assert_eq!(parsed.policy.rules[0].level, super::super::RuleLevel::Mandatory, "a critical defect blocks");
}

#[test]
fn a_rule_is_left_out_only_by_a_word() {
    let parsed = over("", "rules: [{ id: own, metric: tests.failed, max: 0 }]").unwrap();
    assert_eq!(parsed.policy.rules.len(), 2);
    let parsed = over(
        "",
        "override: [{ remove: rate, reason: Too few. }]\nrules: [{ id: own, metric: tests.failed, max: 0 }]",
    );
    let parsed = parsed.unwrap();
    assert_eq!(parsed.policy.rules.len(), 1);
    assert_eq!(parsed.policy.inherited.loosened[0].what, "rule `rate`");
}

#[test]
fn an_unreadable_value_never_gives_way_to_a_readable_one() {
    for own in
        ["rules: [{ id: rate, max: none }]", "releases: { supported: many }", "missing: { tests: wran }"]
    {
        assert!(over("", own).is_err(), "{own}");
        assert!(over(own, "missing: { tests: unknown }").is_err(), "{own}");
    }
}

#[test]
fn a_policy_over_itself_is_itself() {
    for name in ["everything", "five-minutes", "warnings"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/policies/valid/{name}.yml"));
        let source = fs::read_to_string(path).unwrap();
        let alone = parse(source.as_bytes(), "own.yml").unwrap().policy;
        let own = source.replace("version: 1", "version: 1\nextends: [base.yml]");
        let twice = load(own.as_bytes(), "own.yml", &One(&source)).unwrap_or_else(|refused| {
            panic!("{name}: {}", refused.render(false));
        });
        // The rules stand one line further down.
        let alone = super::super::Policy { rule_places: Default::default(), ..alone };
        let twice = super::super::Policy {
            inherited: super::super::Inherited::default(),
            rule_places: Default::default(),
            ..twice.policy
        };
        assert_eq!(format!("{alone:#?}"), format!("{twice:#?}"), "{name}");
    }
}

#[test]
fn what_is_shown_is_a_policy_that_says_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/policies");
    struct Folder(std::path::PathBuf);
    impl Library for Folder {
        fn read(&self, base: &Base) -> Result<Vec<u8>, Unread> {
            let missing = |error: std::io::Error| Unread {
                why: error.to_string(),
                help: String::new(),
                outside: false,
            };
            fs::read(self.0.join(base.to_string())).map_err(missing)
        }
    }
    for entry in fs::read_dir(folder.join("valid")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yml") {
            continue;
        }
        let name = format!("valid/{}", path.file_name().unwrap().to_str().unwrap());
        let first = load(&fs::read(&path).unwrap(), &name, &Folder(folder.clone())).unwrap();
        let shown = first.effective.yaml(&first.policy.inherited);
        let second = parse(shown.as_bytes(), "shown.yml").unwrap_or_else(|refused| {
            panic!("{shown}\n{}", refused.render(false));
        });
        let first = super::super::Policy {
            inherited: super::super::Inherited::default(),
            rule_places: Default::default(),
            ..first.policy
        };
        let second = super::super::Policy { rule_places: Default::default(), ..second.policy };
        // A waiver says which file it stands in.
        let second = format!("{second:#?}").replace("\"shown.yml\"", &format!("{name:?}"));
        assert_eq!(format!("{first:#?}"), second, "{shown}");
    }
}

#[test]
fn every_word_that_can_be_written_has_its_place_in_the_order() {
    fn walk(keys: &'static [Key], count: &mut usize) {
        for key in keys {
            match (key.merge, key.value_type) {
                (Merge::Order(order), ValueType::Word(words)) => {
                    *count += 1;
                    let (order, words): (BTreeSet<_>, BTreeSet<_>) =
                        (order.iter().copied().collect(), words().into_iter().collect());
                    assert_eq!(order, words, "{}", key.name);
                }
                (Merge::Order(_), _) => panic!("{} is ordered by words and has none", key.name),
                (_, ValueType::Map(keys) | ValueType::Maps(keys)) => walk(keys, count),
                _ => {}
            }
        }
    }
    let mut count = 0;
    walk(POLICY, &mut count);
    assert!(count >= 6, "{count}");
}

#[test]
fn a_file_is_read_once_however_many_ways_lead_to_it() {
    use std::cell::RefCell;
    struct Counting(RefCell<Vec<String>>);
    impl Library for Counting {
        fn read(&self, base: &Base) -> Result<Vec<u8>, Unread> {
            self.0.borrow_mut().push(base.to_string());
            let text = match base.to_string().as_str() {
                "a.yml" | "b.yml" => "version: 1\nextends: [c.yml]\n",
                _ => "version: 1\nrules: [{ id: t, metric: tests.failed, max: 0 }]\n",
            };
            Ok(text.as_bytes().to_vec())
        }
    }
    let shelf = Counting(RefCell::default());
    let parsed = load(b"version: 1\nextends: [a.yml, b.yml, ./x/../c.yml]\n", "own.yml", &shelf).unwrap();
    assert_eq!(shelf.0.into_inner(), ["a.yml", "c.yml", "b.yml"]);
    assert_eq!(parsed.policy.rules.len(), 1);
}

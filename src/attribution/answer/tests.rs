use super::*;

/// Returns the versions of an answer for comparison: members, then denied versions with a leading `!`.
fn read(text: &str) -> String {
    let own = ["acme".to_owned(), "shop".to_owned()];
    let skips = |label: &str| label == "os version" || label == "last working version";
    let answer = read_answer(text.lines(), AnswerContext { own: &own, skips: &skips });
    let version = |version: &Version| {
        let pre = if version.is_pre_release() { "-pre" } else { "" };
        format!("{}{}{pre}", version.written_numbers(), if version.is_wildcard() { ".x" } else { "" })
    };
    let end = |end: &Option<RangeEnd>, sign: &str| {
        end.as_ref().map_or(String::new(), |end| {
            format!("{sign}{}{}", if end.inclusive { "=" } else { "" }, version(&end.version))
        })
    };
    let mut parts: Vec<String> = Vec::new();
    for item in answer.items.iter().filter(|item| item.name != NamedProduct::Foreign) {
        parts.push(match &item.kind {
            VersionSet::One(one) if !one.is_whole() && !item.alone => "?".into(),
            VersionSet::One(one) => version(one),
            VersionSet::Range { low, high } => {
                format!("[{} {}]", end(low, ">"), end(high, "<")).replace(" ]", "]").replace("[ ", "[")
            }
        });
    }
    parts.extend(answer.denied.iter().map(|text| format!("!{text}")));
    let flags = [(answer.every, "every"), (answer.newest, "newest"), (answer.unreleased, "unreleased")];
    parts.extend(flags.iter().filter(|(is, _)| *is).map(|(_, word)| (*word).to_owned()));
    parts.join(" ")
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(read(text), *expected, "{text}");
    }
}

#[test]
fn lists_name_every_member() {
    check(&[
        ("1.3.0 and 1.4.0", "1.3.0 1.4.0"),
        ("1.3.0, 1.3.1 & 1.4.0", "1.3.0 1.3.1 1.4.0"),
        ("1.3.0/1.4.0", "1.3.0 1.4.0"),
        ("1.3.0 + 1.4.0", "1.3.0 1.4.0"),
        ("1.3.0; 1.4.0", "1.3.0 1.4.0"),
        ("- 1.3.0\n- v1.4.0", "1.3.0 1.4.0"),
        ("* [x] 1.3.0\n* [x] 1.4.0", "1.3.0 1.4.0"),
        ("both 1.3 and 1.4", "1.3 1.4"),
        ("v1.2, v1.3 (not v1.1)", "1.2 1.3 !v1.1"),
        ("| 1.3.0 | 1.4.0 |", "1.3.0 1.4.0"),
    ]);
}

#[test]
fn ranges_have_two_ends() {
    check(&[
        ("1.3.0 - 1.5.0", "[>=1.3.0 <=1.5.0]"),
        ("1.3.0-1.5.0", "[>=1.3.0 <=1.5.0]"),
        ("1.3–1.5", "[>=1.3 <=1.5]"),
        ("1.3 to 1.5", "[>=1.3 <=1.5]"),
        ("from 1.3.0 up to 1.4.0", "[>=1.3.0 <=1.4.0]"),
        ("from 2.1 through 2.3", "[>=2.1 <=2.3]"),
        ("between 1.2 and 1.4", "[>=1.2 <=1.4]"),
        ("1.2 thru v1.4", "[>=1.2 <=1.4]"),
        ("1.5 - 1.3", "[>=1.3 <=1.5]"),
        ("1.3 -> 1.5", "[>=1.3 <=1.5]"),
        ("1.3...1.5", "[>=1.3 <=1.5]"),
        (">= 1.3.0, < 1.4.1", "[>=1.3.0 <1.4.1]"),
        (">=1.3 <=1.5", "[>=1.3 <=1.5]"),
        (">= 1.3 && < 1.5", "[>=1.3 <1.5]"),
        ("[1.3,1.5)", "[>=1.3 <1.5]"),
        ("(,1.5]", "[<=1.5]"),
        ("[1.3,)", "[>=1.3]"),
        ("(see 1.3, 1.4)", "1.3 1.4"),
        ("> 1.3 and < 1.5", "[>1.3 <1.5]"),
        ("1.3 to 1.5, 1.7", "[>=1.3 <=1.5] 1.7"),
        ("1.4.0 - 2026-05-01", "1.4.0 2026.5.1"),
    ]);
}

#[test]
fn open_ranges_have_one_end() {
    check(&[
        (">= 1.3", "[>=1.3]"),
        ("≥1.3", "[>=1.3]"),
        ("> 1.3", "[>1.3]"),
        ("1.3+", "[>=1.3]"),
        ("1.3 +", "[>=1.3]"),
        ("1.3 and later", "[>=1.3]"),
        ("1.4 or newer", "[>=1.4]"),
        ("1.3 and up", "[>=1.3]"),
        ("1.3, and all later versions", "[>=1.3]"),
        ("1.3 (and probably later)", "[>=1.3]"),
        ("at least 1.3", "[>=1.3]"),
        ("1.4, newer versions are fine", "1.4"),
        ("1.3 and above", "[>=1.3]"),
        ("1.3 onwards", "[>=1.3]"),
        ("since 1.3", "[>=1.3]"),
        ("since version 1.3", "[>=1.3]"),
        ("starting with 1.3", "[>=1.3]"),
        ("as of 1.3", "[>=1.3]"),
        ("from 1.3 on", "[>=1.3]"),
        ("after 1.3", "[>1.3]"),
        ("1.3 to latest", "[>=1.3]"),
        ("1.3 - current", "[>=1.3]"),
        ("<= 1.4", "[<=1.4]"),
        ("< 1.4.1", "[<1.4.1]"),
        ("&lt; 1.4.1", "[<1.4.1]"),
        ("up to 1.4", "[<=1.4]"),
        ("until 1.4", "[<=1.4]"),
        ("before 1.4", "[<1.4]"),
        ("older than 1.4", "[<1.4]"),
        ("1.4 and earlier", "[<=1.4]"),
        ("1.4 or older", "[<=1.4]"),
        ("1.4 and below", "[<=1.4]"),
        ("~1.4.2", "[>=1.4.2 <=1.4.x]"),
        ("^1.4", "[>=1.4 <=1.x]"),
    ]);
}

#[test]
fn upgrade_names_its_target() {
    check(&[
        ("upgraded from 1.3.2 to 1.4.0", "1.4.0"),
        ("after upgrading from 1.2 to 1.3", "1.3"),
        ("after updating to 1.4.0", "1.4.0"),
        ("since upgrading to 1.4.0", "1.4.0"),
        ("upgraded 1.3.2 -> 1.4.0", "1.4.0"),
        ("1.4.0 (upgraded from 1.3.2)", "1.4.0"),
        ("migrated from 1.3.2, now on 1.4.0", "1.4.0"),
        ("updated to 1.4.0 from 1.3.2", "1.4.0"),
        ("after upgrading to 1.4.0 (from 1.5.0)", "1.4.0"),
        ("1.4.0, a regression from 1.3.2", "1.4.0"),
    ]);
}

#[test]
fn denied_versions_are_no_members() {
    check(&[
        ("not 1.3.2, but 1.4.0", "1.4.0 !1.3.2"),
        ("not in 1.3.2", "!1.3.2"),
        ("1.4.0 (fine in 1.3.2)", "1.4.0 !1.3.2"),
        ("1.4.0, was fine on 1.3.2", "1.4.0 !1.3.2"),
        ("1.4.0; works in 1.3.1 and 1.3.2", "1.4.0 !1.3.1 !1.3.2"),
        ("~~1.3.2~~ 1.4.0", "1.4.0 !1.3.2"),
        (
            "Reproducible in: 1.4.0, 1.4.1\nNot reproducible in: 1.3.2 (official), 1.3.1",
            "1.4.0 1.4.1 !1.3.2 !1.3.1",
        ),
        ("1.4.0 fails, 1.3.2 works", "1.4.0 !1.3.2"),
        ("1.3.2 works, 1.4.0 does not work", "1.4.0 !1.3.2"),
        ("1.3.2 (works), 1.4.0 (fails)", "1.4.0 !1.3.2"),
        ("1.3.2 is not affected", "!1.3.2"),
        ("1.5.0 ✅ 1.4.0 ❌", "1.4.0 !1.5.0"),
        ("1.3.2 works 1.4.0 fails", "1.4.0 !1.3.2"),
        ("doesn't happen with 1.3.2", "!1.3.2"),
        ("last working: 1.3.2\nfirst broken: 1.4.0", "1.4.0 !1.3.2"),
        ("Last working version: 1.3.2\n1.4.0", "1.4.0"),
        ("fixed in 1.4.1", "!1.4.1"),
        ("not working in 1.4.0", "1.4.0"),
        ("doesn't work on 1.4.0", "1.4.0"),
        ("no longer works in 1.4.0", "1.4.0"),
        ("not fixed in 1.4.1", "1.4.1"),
        ("not sure, 1.4.0", "1.4.0"),
        ("not only 1.3 but also 1.4", "1.3 1.4"),
        ("downgrading to 1.3.2 helps; 1.4.0", "1.4.0 !1.3.2"),
        ("everything except 1.3.2", "!1.3.2"),
    ]);
}

#[test]
fn other_products_are_no_members() {
    check(&[
        ("macOS 14.4.1, 1.4.0", "1.4.0"),
        ("Node v20.11.0\n1.4.0", "1.4.0"),
        ("Windows 10.0.19045 with 1.4.0", "1.4.0"),
        ("Chrome 1.5.0 and shop 1.4.0", "1.4.0"),
        ("Google Chrome 124.0.6367.60", ""),
        ("1.2.3 (installed via brew)", "1.2.3"),
        ("Docker image app:1.4.2", "1.4.2"),
        ("Docker 24.0.7, image 1.4.2", "1.4.2"),
        ("OS version: 10.0\nshop: 1.4.0", "1.4.0"),
        ("go1.20.12", ""),
        ("node@20.1.0", ""),
        ("Python 3.11 / Django 4.2 / shop 1.4.0", "4.2 1.4.0"),
    ]);
}

#[test]
fn numbers_that_are_no_versions_are_passed_over() {
    check(&[
        ("1 of our 40 pods", "? ?"),
        ("1,4,0", ""),
        ("I do not know", ""),
        ("see screenshot", ""),
        ("1.4.0 (863d2581ecda6849923a2118d93a088b0745d9d6, 2024-03-08T15:20:17.278Z)", "1.4.0"),
        ("5c3e652 (1.4.0)", "1.4.0"),
        ("Tool v1.4.0\non darwin_arm64\n\nThis one is out of date: the newest\nis 1.8.2.", "1.4.0"),
        ("1.4.0. Please update to 1.5.0 if you can", "1.4.0"),
        ("20", "20"),
        ("20 LTS", "20"),
        ("29-x-y", "29.x"),
        ("1.4.*", "1.4.x"),
    ]);
}

#[test]
fn pre_release_may_stand_apart() {
    check(&[
        ("1.4.0 RC1", "1.4.0-pre"),
        ("1.4.0 beta 2", "1.4.0-pre"),
        ("1.4.0-rc.1", "1.4.0-pre"),
        ("1.4.0 (beta channel)", "1.4.0"),
    ]);
}

#[test]
fn words_alone_mean_sets() {
    check(&[
        ("all versions", "every"),
        ("all", "every"),
        ("any version so far", "every"),
        ("latest stable", "newest"),
        ("current", "newest"),
        ("the latest release", "newest"),
        ("main", "unreleased"),
        ("HEAD", "unreleased"),
        ("latest master", "unreleased"),
        ("main (development)", "unreleased"),
        ("main branch, commit 5c3e652", "unreleased"),
        ("built from source", "unreleased"),
        ("1.4.0 (latest)", "1.4.0"),
        ("1.4.0 and main", "1.4.0 unreleased"),
        ("all of our customers see it", ""),
    ]);
}

#[test]
fn hostile_text_takes_linear_time() {
    for unit in [
        "1.1-v", "1,", "](", "<a", "~~1.1", "(", "1.3 to ", "and ", "not 1.2 ", "a/", "9", "v1.1,", "1.1+",
        ">= ", "é1.1 ",
    ] {
        let text = unit.repeat(65_536 / unit.len());
        let before = std::time::Instant::now();
        let _ = read(&text);
        assert!(before.elapsed().as_secs() < 3, "{unit}");
    }
}

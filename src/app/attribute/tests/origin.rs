//! Words, blame, and what rules a candidate out.

use super::*;
use crate::model::{Confidence, Tag};
use crate::options::DefectReport;
use release_history::origins::origin_record::{Likelihood, Method, Nothing};
use release_history::origins::report_facts::Impossible;

const BEFORE: &str = "int total(int *prices, int n)\n{\n    int sum = 0;\n    for (int i = 0; i < n; i++)\n        sum += prices[i];\n    return sum;\n}\n";

/// A shop: a first version in v1.0.0, a defect in v1.1.0, other work in v1.2.0. Returns the guilty commit.
pub(super) fn shop(sandbox: &mut Sandbox) -> String {
    sandbox.change("total.c", BEFORE, "Add totals");
    sandbox.git(&["tag", "v1.0.0"]);
    let guilty = sandbox.change("total.c", &BEFORE.replace("i < n", "i <= n"), "Count the last item (#7)");
    sandbox.git(&["tag", "v1.1.0"]);
    sandbox.change("other.c", "int other;\n", "Add another");
    sandbox.git(&["tag", "v1.2.0"]);
    guilty
}

/// The fix of the shop's defect, with a message.
pub(super) fn fix(sandbox: &mut Sandbox, message: &str) -> String {
    sandbox.change("total.c", BEFORE, message)
}

#[test]
fn the_line_that_a_fix_takes_out_leads_to_who_wrote_it() {
    let mut sandbox = Sandbox::new();
    let guilty = shop(&mut sandbox);
    let fix = fix(&mut sandbox, "Stay inside of the list");
    let record = record(&local(&sandbox), &fix);
    assert_eq!(culprit(&record), Some(guilty.as_str()));
    assert_eq!((record.method, record.confidence), (Method::Blame, Confidence::Inferred));
    let origin = record.origin.unwrap();
    assert_eq!((origin.release, origin.pull_request), (Some(Tag("v1.1.0".into())), Some(7)));
    assert_eq!(record.affected, [Tag("v1.1.0".into()), Tag("v1.2.0".into())]);
    assert!(record.suggestions[0].percent <= 85);
}

#[test]
fn a_word_in_the_message_wins_and_blame_is_shown_beside_it() {
    let mut sandbox = Sandbox::new();
    let guilty = shop(&mut sandbox);
    let other = sandbox.git(&["rev-parse", "v1.2.0"]).trim().to_owned();
    let message = format!("Stay inside\n\nFixes: {} (\"Add another\")\nCc: x\n\nText.", &other[..10]);
    let fix = fix(&mut sandbox, &message);
    let record = record(&local(&sandbox), &fix);
    assert_eq!(culprit(&record), Some(other.as_str()));
    assert_eq!((record.method, record.confidence), (Method::RegressedBy, Confidence::Certain));
    assert_eq!(record.blame_agrees, Some(false));
    assert_eq!(record.suggestions[0].commit.0, guilty);
    assert!(record.evidence.contains("Fixes:"), "{}", record.evidence);
}

#[test]
fn uncertain_blame_names_no_commit_and_has_no_agreement() {
    let mut sandbox = Sandbox::new();
    let mut lines: Vec<String> = (0..30).map(|at| format!("int value{at} = read({at});")).collect();
    sandbox.change("values.c", &lines.join("\n"), "Add values");
    let mut last = String::new();
    for at in 0..30 {
        lines[at] = format!("long value{at} = scan({at} + {at});");
        last = sandbox.change("values.c", &lines.join("\n"), &format!("Widen value {at}"));
    }
    sandbox.git(&["tag", "v1.0.0"]);
    let lines: Vec<String> = (0..30).map(|at| format!("short v{at} = 0;")).collect();
    let fix = sandbox.change("values.c", &lines.join("\n"), &format!("Narrow\n\nFixes: {last}\n"));
    let record = record(&local(&sandbox), &fix);
    assert_eq!(culprit(&record), Some(last.as_str()));
    assert_eq!(record.suggestions[0].likelihood, Likelihood::None);
    assert_eq!(record.blame_agrees, None);
}

#[test]
fn a_defect_is_never_detected_before_it_came_in() {
    let mut sandbox = Sandbox::new();
    let guilty = shop(&mut sandbox);
    let fix = Sha(fix(&mut sandbox, &format!("Stay inside\n\nFixes: {guilty}\n")));
    let told =
        |at| record_text(&asked(&local(&sandbox), &fix, ReportFacts { at, escaped: true, found_in: None }));
    let late = told(local(&sandbox).graph.committed_at(&fix).unwrap());
    assert!(late.contains("2 days from the commit, 2 days from the release"), "{late}");
    let early = told(0);
    assert!(early.contains("introduced") && !early.contains("detected"), "{early}");
}

#[test]
fn a_word_names_a_pull_request_by_its_merge() {
    let mut sandbox = Sandbox::new();
    let guilty = shop(&mut sandbox);
    let fix = fix(&mut sandbox, "Stay inside\n\nRegressed-by: #7");
    assert_eq!(culprit(&record(&local(&sandbox), &fix)), Some(guilty.as_str()));
}

#[test]
fn statement_after_the_fix_is_ignored_with_a_note() {
    let mut sandbox = Sandbox::new();
    let guilty = shop(&mut sandbox);
    sandbox.git(&["checkout", "--quiet", "-b", "side"]);
    let side = sandbox.change("side.c", "int side;\n", "Elsewhere");
    sandbox.git(&["checkout", "--quiet", "main"]);
    let message = format!("Stay inside\n\nFixes: {side}\nIntroduced-by: 1234567\nRegressed-by: #99");
    let fix = fix(&mut sandbox, &message);
    let record = record(&local(&sandbox), &fix);
    assert_eq!(culprit(&record), Some(guilty.as_str()), "blame decides");
    assert_eq!(record.passed_over.len(), 3);
}

#[test]
fn a_revert_names_what_it_takes_back() {
    let mut sandbox = Sandbox::new();
    let guilty = shop(&mut sandbox);
    sandbox.git(&["revert", "--no-edit", &guilty]);
    let head = sandbox.head();
    let record = record(&local(&sandbox), &head);
    assert_eq!((culprit(&record), record.method), (Some(guilty.as_str()), Method::RegressedBy));
}

#[test]
fn a_commit_that_had_not_shipped_cannot_have_escaped() {
    let mut sandbox = Sandbox::new();
    let guilty = shop(&mut sandbox);
    let fix = Sha(fix(&mut sandbox, "Stay inside of the list"));
    let local = local(&sandbox);
    let at = local.graph.committed_at(&Sha(guilty.clone())).unwrap() - 7_200;
    let report = ReportFacts { at, escaped: true, found_in: None };
    let record = asked(&local, &fix, report);
    assert_eq!((record.origin.is_some(), record.nothing), (false, Some(Nothing::AllRuledOut)));
    assert_eq!(record.ruled_out[0].because, Impossible::NotReleased);
    let head = Sha(sandbox.git(&["rev-parse", "v1.0.0"]).trim().to_owned());
    let found_in = Some((Tag("v1.0.0".into()), head));
    let at = local.graph.committed_at(&fix).unwrap();
    let record = asked(&local, &fix, ReportFacts { at, escaped: true, found_in });
    assert_eq!(record.ruled_out[0].because, Impossible::NotInFoundIn(Tag("v1.0.0".into())));
    let record = asked(&local, &fix, ReportFacts { at: 0, escaped: false, found_in: None });
    assert_eq!(record.ruled_out[0].because, Impossible::AfterReport);
}

#[test]
fn no_answer_has_its_reason() {
    let mut sandbox = Sandbox::new();
    for at in 0..45 {
        sandbox.write(format!("f{at}.c"), "int a;\n");
    }
    let first = sandbox.commit("Many files");
    for at in 0..45 {
        sandbox.write(format!("f{at}.c"), "int b;\n");
    }
    let bulk = sandbox.commit("Change them all");
    let text = sandbox.change("README.md", "words\n", "Explain");
    let new = sandbox.change("new.c", "int new;\n", "A new file");
    let local = local(&sandbox);
    for (fix, reason) in [
        (&first, Nothing::NothingToBlame),
        (&bulk, Nothing::BulkFix),
        (&text, Nothing::NothingToBlame),
        (&new, Nothing::NothingToBlame),
    ] {
        assert_eq!(record(&local, fix).nothing, Some(reason));
    }
    let absent = Sha("0123456789012345678901234567890123456789".into());
    let report = ReportFacts { at: 0, escaped: false, found_in: None };
    assert_eq!(asked(&local, &absent, report.clone()).nothing, Some(Nothing::FixNotHere));
    let open = Question {
        fix: None,
        said: Vec::new(),
        posted: BisectResults::default(),
        report,
        copies: Vec::new(),
    };
    assert_eq!(local.find(&open).unwrap().nothing, Some(Nothing::NoFix));
}

#[test]
fn a_fix_on_two_lines_of_releases_leaves_neither_affected() {
    let mut sandbox = Sandbox::new();
    shop(&mut sandbox);
    let fix = fix(&mut sandbox, "Stay inside of the list");
    sandbox.git(&["tag", "v2.0.0"]);
    sandbox.git(&["checkout", "--quiet", "-b", "line", "v1.2.0"]);
    sandbox.git(&["cherry-pick", "-x", &fix]);
    sandbox.git(&["tag", "v1.2.1"]);
    let local = local(&sandbox);
    let report = DefectReport { escaped: true, ..DefectReport::default() };
    let question = of_fix(&fix, &report, &local).unwrap();
    let record = local.find(&question).unwrap();
    assert_eq!(record.affected, [Tag("v1.1.0".into()), Tag("v1.2.0".into())]);
    let text = record_text(&record);
    for part in ["introduced", "first in   v1.1.0", "affected   v1.1.0, v1.2.0", "detected   after 2 days"] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[test]
fn cherry_pick_is_found_by_patch_id() {
    let mut sandbox = Sandbox::new();
    let guilty = shop(&mut sandbox);
    let fix = fix(&mut sandbox, "Stay inside of the list");
    sandbox.git(&["tag", "v2.0.0"]);
    // The fix is taken to one line, a commit that only has its subject to another; the defect to a third one.
    for (base, line, tag) in
        [("v1.1.0", "one", "v1.1.1"), ("v1.2.0", "two", "v1.2.1"), ("v1.0.0", "old", "v1.0.1")]
    {
        sandbox.git(&["checkout", "--quiet", "-b", line, base]);
        match line {
            "one" => drop(sandbox.git(&["cherry-pick", &fix])),
            "two" => drop(sandbox.change("two.c", "int two;\n", "Stay inside of the list")),
            _ => drop(sandbox.git(&["cherry-pick", &guilty])),
        }
        sandbox.git(&["tag", tag]);
    }
    let local = local(&sandbox);
    let copies = local.copies_of_fix(&Sha(fix.clone()));
    assert_eq!(
        copies.iter().map(|pick| pick.0.as_str()).collect::<Vec<_>>(),
        [sandbox.git(&["rev-parse", "one"]).trim()]
    );
    let at = local.graph.committed_at(&Sha(fix.clone())).unwrap();
    let report = ReportFacts { at, escaped: true, found_in: None };
    let question =
        Question { fix: Some(Sha(fix)), said: Vec::new(), posted: BisectResults::default(), report, copies };
    let record = local.find(&question).unwrap();
    let mut affected: Vec<&str> = record.affected.iter().map(|tag| tag.0.as_str()).collect();
    affected.sort_unstable();
    assert_eq!(affected, ["v1.0.1", "v1.1.0", "v1.2.0", "v1.2.1"]);
}

#[test]
fn copied_cause_has_the_release_of_its_own_line() {
    let mut sandbox = Sandbox::new();
    sandbox.change("total.c", BEFORE, "Add totals");
    sandbox.git(&["tag", "v1.0.0"]);
    let guilty = sandbox.change("total.c", &BEFORE.replace("i < n", "i <= n"), "Count the last");
    sandbox.git(&["checkout", "--quiet", "-b", "line", "v1.0.0"]);
    sandbox.git(&["cherry-pick", "-x", &guilty]);
    sandbox.git(&["tag", "v1.0.1"]);
    let found_in = Sha(sandbox.git(&["rev-parse", "v1.0.1^{}"]).trim().to_owned());
    sandbox.git(&["checkout", "--quiet", "main"]);
    sandbox.change("more.c", "int more;\n", "More");
    sandbox.git(&["tag", "v2.0.0"]);
    let fix = fix(&mut sandbox, "Stay inside of the list");
    let local = local(&sandbox);
    let at = local.graph.committed_at(&Sha(fix.clone())).unwrap();
    // Seen in v1.0.1, which has the copy only.
    let report = ReportFacts { at, escaped: true, found_in: Some((Tag("v1.0.1".into()), found_in)) };
    let record = asked(&local, &Sha(fix), report);
    assert_eq!(culprit(&record), Some(guilty.as_str()), "{record:?}");
    assert_eq!(record.origin.unwrap().release, Some(Tag("v1.0.1".into())));
}

#[test]
fn what_commits_say_cannot_steer_a_terminal() {
    let mut sandbox = Sandbox::new();
    sandbox.change("total.c", BEFORE, "Add totals");
    sandbox.change("total.c", &BEFORE.replace("i < n", "i <= n"), "Count \u{1b}[2J the last");
    let fix = fix(&mut sandbox, "Stay inside of the list");
    let text = record_text(&record(&local(&sandbox), &fix));
    assert!(text.contains('␛') && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn moves_merges_and_new_blanks_are_looked_through() {
    let mut sandbox = Sandbox::new();
    let guilty = shop(&mut sandbox);
    sandbox.git(&["mv", "total.c", "sum.c"]);
    sandbox.commit("Rename the file");
    let text = BEFORE.replace("i < n", "i <= n").replace("    ", "\t").replace('\n', "\r\n");
    sandbox.change("sum.c", &text, "Reformat the file");
    sandbox.git(&["checkout", "--quiet", "-b", "work"]);
    sandbox.change("work.c", "int work;\n", "Work");
    sandbox.git(&["checkout", "--quiet", "main"]);
    sandbox.git(&["merge", "--quiet", "--no-ff", "--no-edit", "work"]);
    let fix = sandbox.change("sum.c", &text.replace("i <= n", "i < n"), "Stay inside of the list");
    assert_eq!(culprit(&record(&local(&sandbox), &fix)), Some(guilty.as_str()));
}

#[test]
fn where_a_fix_only_adds_its_surroundings_are_asked() {
    let mut sandbox = Sandbox::new();
    let guilty = shop(&mut sandbox);
    let text = BEFORE.replace("i < n", "i <= n");
    let guarded = text.replace("    for (int i", "    if (n < 0)\n        return 0;\n    for (int i");
    let fix = sandbox.change("total.c", &guarded, "Refuse a negative count");
    let record = record(&local(&sandbox), &fix);
    assert!(record.suggestions.iter().any(|suggestion| suggestion.commit.0 == guilty));
}

//! Copies that are not whole.

use super::*;
use crate::model::{Area, IssueNumber};
use release_history::origins::origin_record::Nothing;

/// A repository with a defect and its fix; returns the fix.
fn repaired(sandbox: &mut Sandbox) -> String {
    sandbox.git(&["config", "uploadpack.allowFilter", "true"]);
    sandbox.change("a.c", "int a = 1;\nint b = 2;\n", "First");
    sandbox.change("a.c", "int a = 3;\nint b = 2;\n", "Second");
    sandbox.git(&["tag", "v1.0"]);
    sandbox.change("a.c", "int a = 1;\nint b = 2;\n", "Fix it")
}

fn copy(sandbox: &Sandbox, name: &str, option: &str) -> Local {
    let folder = sandbox.beside(name);
    let origin = format!("file://{}", sandbox.path.display());
    sandbox.git(&["clone", "--quiet", "--bare", option, &origin, folder.to_str().unwrap()]);
    Local::open(&folder, None).unwrap()
}

#[test]
fn shallow_clone_blames_nothing_and_names_the_remedy() {
    let mut sandbox = Sandbox::new();
    let fix = repaired(&mut sandbox);
    let local = copy(&sandbox, "shallow", "--depth=2");
    let record = record(&local, &fix);
    assert_eq!((record.origin.is_none(), record.nothing), (true, Some(Nothing::ShallowClone)));
    assert!(record.suggestions.is_empty(), "the boundary is no candidate");
    let gap = local.gap().unwrap();
    assert_eq!(gap.area, Area::History);
    assert!(gap.remedy.unwrap().contains("fetch-depth: 0"));
}

#[test]
fn a_copy_without_contents_has_releases_and_says_that_blame_failed() {
    let mut sandbox = Sandbox::new();
    let fix = repaired(&mut sandbox);
    let second = sandbox.git(&["rev-parse", "v1.0"]).trim().to_owned();
    for (name, option) in [("blobless", "--filter=blob:none"), ("treeless", "--filter=tree:0")] {
        let local = copy(&sandbox, name, option);
        let first = local.releases.first(&local.graph, &Sha(second.clone())).unwrap();
        assert_eq!(first.tag.0, "v1.0");
        let record = record(&local, &fix);
        assert_eq!(record.nothing, Some(Nothing::BlameFailed), "{name}");
        assert!(!record.unread.is_empty() && local.gap().is_some());
    }
}

#[test]
fn unseen_copy_of_the_origin_is_reported() {
    let mut sandbox = Sandbox::new();
    sandbox.git(&["config", "uploadpack.allowFilter", "true"]);
    sandbox.change("a.c", "int a = 1;\nint b = 2;\n", "First");
    sandbox.git(&["branch", "line"]);
    let guilty = sandbox.change("a.c", "int a = 3;\nint b = 2;\n", "Second");
    sandbox.git(&["tag", "v2.0"]);
    let fix = sandbox.change("a.c", "int a = 1;\nint b = 2;\n", &format!("Fix it\n\nFixes: {guilty}"));
    sandbox.git(&["checkout", "--quiet", "line"]);
    sandbox.change("b.c", "int b;\n", "Other");
    sandbox.git(&["cherry-pick", &guilty]);
    sandbox.git(&["tag", "v1.1"]);
    let whole = record(&local(&sandbox), &fix);
    let tags: Vec<&str> = whole.affected.iter().map(|tag| tag.0.as_str()).collect();
    assert_eq!((tags.len(), tags.contains(&"v1.1")), (2, true), "{tags:?}");
    let cut = record(&copy(&sandbox, "blobless", "--filter=blob:none"), &fix);
    assert_eq!(culprit(&cut), Some(guilty.as_str()));
    assert!(cut.affected.is_empty(), "what is not all of them is none");
    assert!(cut.unread.iter().any(|what| what.starts_with("which commits were copied")), "{:?}", cut.unread);
}

#[test]
fn many_defects_are_answered_as_one_is() {
    let mut sandbox = Sandbox::new();
    let fix = repaired(&mut sandbox);
    let local = local(&sandbox);
    assert_eq!(local.gap(), None);
    let report = ReportFacts { at: 2_000_000_000, escaped: false, found_in: None };
    let question = Question {
        fix: Some(Sha(fix.clone())),
        said: Vec::new(),
        posted: BisectResults::default(),
        report: report.clone(),
        copies: Vec::new(),
    };
    let all: Vec<_> = (0..9).map(|number| (IssueNumber(number), question.clone())).collect();
    let records = local::origins(&local, &all).unwrap();
    assert_eq!(records.len(), 9);
    assert!(records.values().all(|record| *record == asked(&local, &Sha(fix.clone()), report.clone())));
}

#[test]
fn a_folder_inside_of_a_repository_answers_like_its_top() {
    let mut sandbox = Sandbox::new();
    let fix = repaired(&mut sandbox);
    let second = sandbox.git(&["rev-parse", "v1.0"]).trim().to_owned();
    sandbox.write("deep/er/b.c", "int b;\n");
    let inside = Local::open(&sandbox.path.join("deep/er"), None).unwrap();
    assert_eq!(culprit(&record(&inside, &fix)), Some(second.as_str()));
}

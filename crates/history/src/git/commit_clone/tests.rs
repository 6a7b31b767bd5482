#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::{CloneOptions, CommitClone};
use crate::git::testing::git_server::{Behavior, GitServer};
use crate::git::testing::stage::Stage;
use crate::git::testing::{Sandbox, run_git_at};
use crate::git::{CloneError, Remote};

/// Ids of the commits of a clone, oldest first, with their messages.
fn log(clone: &CommitClone) -> Vec<(String, String)> {
    let mut commits = Vec::new();
    let each = |commit: &crate::git::LoggedCommit<'_>| {
        commits.push((
            commit.committed,
            commit.id.to_owned(),
            String::from_utf8_lossy(commit.message).into(),
        ));
    };
    clone.git().log(each).unwrap();
    commits.sort();
    commits.into_iter().map(|(_, id, message)| (id, message)).collect()
}

#[test]
fn clone_holds_commits_without_files() {
    let mut stage = Stage::new();
    let tagged = stage.work.head();
    stage.work.git(&["tag", "-a", "-m", "one", "v1"]);
    let head = stage.work.change("b.txt", "b\n", "fix: b\n\nFixes #7");
    stage.push();
    let clone = stage.open().unwrap();
    assert_eq!(clone.default_branch(), Some("main"));
    assert_eq!(clone.target("refs/heads/main"), Some(head.as_str()));
    assert_eq!(clone.target("refs/tags/v1"), Some(tagged.as_str()));
    let commits = log(&clone);
    assert_eq!(commits.iter().map(|(id, _)| id).collect::<Vec<_>>(), [&tagged, &head]);
    assert_eq!(commits[1].1, "fix: b\n\nFixes #7\n");
    let objects = run_git_at(clone.git().folder(), 0, &["cat-file", "--batch-all-objects", "--batch-check"]);
    assert!(!objects.contains(" blob ") && !objects.contains(" tree "), "{objects}");
}

#[test]
fn server_without_filter_sends_everything() {
    let stage = Stage::new();
    run_git_at(&stage.bare(), 0, &["config", "uploadpack.allowFilter", "false"]);
    assert_eq!(log(&stage.open().unwrap()).len(), 1);
}

#[test]
fn large_history_without_filter_is_named() {
    let mut stage = Stage::new();
    // Bytes that do not compress, so that the pack grows.
    let mut noise = Vec::new();
    let mut state = 1_u64;
    while noise.len() < 3 << 20 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        noise.extend_from_slice(&state.to_be_bytes());
    }
    stage.work.write("noise", &noise);
    stage.work.commit("feat: noise");
    stage.push();
    run_git_at(&stage.bare(), 0, &["config", "uploadpack.allowFilter", "false"]);
    let options = CloneOptions { bytes: 1 << 20, ..stage.options() };
    let error = CommitClone::open(&options).unwrap_err();
    assert!(matches!(error, CloneError::TooLarge { filters: false, .. }), "{error:?}");
    assert!(error.to_string().contains("uploadpack.allowFilter"), "{error}");
    assert!(stage.kept().is_empty());
}

#[test]
fn next_run_fetches_news_only() {
    let mut stage = Stage::new();
    drop(stage.open().unwrap());
    assert_eq!(stage.kept().len(), 1);
    let head = stage.work.change("b.txt", "b\n", "fix: b");
    stage.push();
    let clone = stage.open().unwrap();
    assert_eq!(clone.target("refs/heads/main"), Some(head.as_str()));
    assert_eq!(log(&clone).len(), 2);
    drop(clone);
    assert_eq!(stage.kept().len(), 1);
}

#[test]
fn moved_and_deleted_refs_are_noticed() {
    let mut stage = Stage::new();
    let first = stage.work.head();
    stage.work.git(&["tag", "v1"]);
    stage.work.git(&["tag", "v2"]);
    stage.work.git(&["branch", "topic"]);
    let second = stage.work.change("b.txt", "b\n", "fix: b");
    stage.push();
    drop(stage.open().unwrap());
    // A force-push takes the second commit away, one tag moves, and another one and a branch go.
    stage.work.git(&["reset", "--hard", "--quiet", &first]);
    let third = stage.work.change("c.txt", "c\n", "fix: c");
    stage.work.git(&["tag", "--force", "v1", &third]);
    stage.work.git(&["tag", "--delete", "v2"]);
    stage.work.git(&["branch", "--delete", "--force", "topic"]);
    // A branch takes the place of a folder of branches.
    stage.work.git(&["branch", "topic/new"]);
    stage.push();
    let clone = stage.open().unwrap();
    assert_eq!(clone.target("refs/tags/v1"), Some(third.as_str()));
    assert_eq!(clone.target("refs/tags/v2"), None);
    assert_eq!(clone.target("refs/heads/topic"), None);
    assert_eq!(clone.target("refs/heads/topic/new"), Some(third.as_str()));
    assert!(log(&clone).iter().all(|(id, _)| *id != second));
}

#[test]
fn pull_request_of_an_earlier_run_goes() {
    let mut stage = Stage::new();
    let base = stage.work.head();
    let change = stage.work.change("b.txt", "b\n", "fix: b");
    stage.work.git(&["update-ref", "refs/pull/5/head", &change]);
    stage.work.git(&["reset", "--hard", "--quiet", &base]);
    stage.push();
    let clone = CommitClone::open(&CloneOptions { pull_request: Some(5), ..stage.options() }).unwrap();
    assert_eq!(clone.target("refs/candidate/head"), Some(change.as_str()));
    drop(clone);
    let clone = stage.open().unwrap();
    assert_eq!(clone.target("refs/candidate/head"), None);
    assert!(log(&clone).iter().all(|(id, _)| *id != change));
}

#[test]
fn default_branch_is_told_from_branches_at_one_commit() {
    let stage = Stage::new();
    for name in ["another", "release-1.0", "zzz"] {
        stage.work.git(&["branch", name]);
    }
    stage.push();
    assert_eq!(stage.open().unwrap().default_branch(), Some("main"));
    run_git_at(&stage.bare(), 0, &["symbolic-ref", "HEAD", "refs/heads/zzz"]);
    assert_eq!(stage.open().unwrap().default_branch(), Some("zzz"));
    // A head that leads nowhere.
    run_git_at(&stage.bare(), 0, &["symbolic-ref", "HEAD", "refs/heads/none"]);
    assert_eq!(stage.open().unwrap().default_branch(), None);
}

#[test]
fn empty_repository_has_no_commits() {
    let stage = Stage::of(Sandbox::new(), &[]);
    let clone = stage.open().unwrap();
    assert_eq!(clone.default_branch(), None);
    assert!(log(&clone).is_empty() && clone.refs().is_empty());
}

#[test]
fn repository_with_sha256_is_read() {
    let mut work = Sandbox::with(&["--object-format=sha256"]);
    let head = work.change("a.txt", "a\n", "feat: a");
    assert_eq!(head.len(), 64);
    let stage = Stage::of(work, &["--object-format=sha256"]);
    for _ in 0..2 {
        assert_eq!(log(&stage.open().unwrap()), [(head.clone(), "feat: a\n".to_owned())]);
    }
}

#[test]
fn full_checkout_lends_its_objects() {
    let mut stage = Stage::new();
    for number in 0..20 {
        stage.work.change("a.txt", &format!("{number}\n"), "feat: a");
    }
    stage.push();
    let checkout = stage.work.beside("checkout");
    let address = stage.remote().address().to_owned();
    stage.work.git(&["clone", "--quiet", &address, checkout.to_str().unwrap()]);
    // A tag that only the checkout has, and a commit that only the server has.
    run_git_at(&checkout, 0, &["tag", "v9"]);
    let head = stage.work.change("b.txt", "b\n", "fix: b");
    stage.push();
    let options = CloneOptions { checkout: Some(&checkout), ..stage.options() };
    let clone = CommitClone::open(&options).unwrap();
    assert_eq!(log(&clone).len(), 22);
    assert_eq!(clone.target("refs/heads/main"), Some(head.as_str()));
    assert_eq!(clone.target("refs/tags/v9"), None);
    let own = run_git_at(clone.git().folder(), 0, &["count-objects", "-v"]);
    assert!(own.contains("in-pack: 1\n"), "{own}");
    drop(clone);
    assert!(stage.kept().is_empty());
}

#[test]
fn other_checkouts_lend_nothing() {
    let mut stage = Stage::new();
    stage.work.change("a.txt", "b\n", "feat: b");
    stage.push();
    let address = stage.remote().address().to_owned();
    let clone = |name: &str, more: &[&str]| {
        let folder = stage.work.beside(name);
        stage.work.git(&[&["clone", "--quiet"], more, &[&address, folder.to_str().unwrap()]].concat());
        folder
    };
    let elsewhere = clone("elsewhere", &[]);
    run_git_at(&elsewhere, 0, &["remote", "set-url", "origin", "https://example.com/octo/shop"]);
    let filtered = ["--filter=tree:0", "--no-checkout"];
    for checkout in [clone("shallow", &["--depth=1"]), clone("filtered", &filtered), elsewhere] {
        let lent = super::lender(Path::new("git"), &checkout, &stage.remote());
        assert_eq!(lent, None, "{}", checkout.display());
        let options = CloneOptions { checkout: Some(&checkout), ..stage.options() };
        assert_eq!(log(&CommitClone::open(&options).unwrap()).len(), 2);
    }
}

#[test]
fn hostile_checkout_runs_nothing() {
    let stage = Stage::new();
    let checkout = stage.work.beside("checkout");
    let address = stage.remote().address().to_owned();
    stage.work.git(&["clone", "--quiet", &address, checkout.to_str().unwrap()]);
    let trap = checkout.join(".git/trap");
    let script = format!("#!/bin/sh\ntouch {}\n", trap.display());
    let program = checkout.join(".git/program");
    fs::write(&program, &script).unwrap();
    run_git_at(Path::new("/"), 0, &["--exec-path"]);
    make_executable(&program);
    for hook in ["post-checkout", "reference-transaction", "fsmonitor-watchman", "post-index-change"] {
        let hook = checkout.join(".git/hooks").join(hook);
        fs::create_dir_all(hook.parent().unwrap()).unwrap();
        fs::write(&hook, &script).unwrap();
        make_executable(&hook);
    }
    let program = program.to_str().unwrap();
    let evil = format!(
        "[core]\n\tfsmonitor = {program}\n\talternateRefsCommand = {program}\n\tsshCommand = {program}\n\
         \taskPass = {program}\n\tpager = {program}\n\tgitProxy = {program}\n\
         [credential]\n\thelper = {program}\n[uploadpack]\n\tpackObjectsHook = {program}\n\
         [url \"file:///nowhere\"]\n\tinsteadOf = http://\n[http]\n\tproxy = http://127.0.0.1:1\n\
         [remote \"origin\"]\n\tuploadpack = {program}\n\tvcs = evil\n"
    );
    fs::write(checkout.join(".git/evil"), evil).unwrap();
    run_git_at(&checkout, 0, &["config", "include.path", "evil"]);
    let options = CloneOptions { checkout: Some(&checkout), ..stage.options() };
    let clone = CommitClone::open(&options).unwrap();
    assert_eq!(log(&clone).len(), 1);
    assert!(!trap.exists());
}

#[test]
fn configuration_of_a_kept_clone_is_not_used() {
    let stage = Stage::new();
    drop(stage.open().unwrap());
    let kept = stage.cache.path().join("history").join(&stage.kept()[0]);
    let trap = kept.join("trap");
    let program = kept.join("program");
    fs::write(&program, format!("#!/bin/sh\ntouch {}\n", trap.display())).unwrap();
    make_executable(&program);
    fs::create_dir_all(kept.join("hooks")).unwrap();
    fs::copy(&program, kept.join("hooks/reference-transaction")).unwrap();
    fs::write(kept.join("shallow"), format!("{}\n", stage.work.head())).unwrap();
    fs::create_dir_all(kept.join("info")).unwrap();
    fs::write(kept.join("info/grafts"), format!("{}\n", stage.work.head())).unwrap();
    fs::create_dir_all(kept.join("objects/info")).unwrap();
    fs::write(kept.join("objects/info/alternates"), "/nowhere\n").unwrap();
    fs::write(
        kept.join("config"),
        format!(
            "[core]\n\tbare = true\n\tsshCommand = {0}\n[remote \"origin\"]\n\turl = ext::{0}\n",
            program.display()
        ),
    )
    .unwrap();
    let clone = stage.open().unwrap();
    assert_eq!(log(&clone).len(), 1);
    assert!(!clone.git().folder().join("trap").exists() && !trap.exists());
    assert!(!clone.git().folder().join("shallow").exists());
}

#[test]
fn damaged_clone_in_the_cache_is_made_anew() {
    let mut stage = Stage::new();
    drop(stage.open().unwrap());
    let packs = stage.cache.path().join("history").join(&stage.kept()[0]).join("objects/pack");
    for file in fs::read_dir(packs).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    stage.work.change("b.txt", "b\n", "fix: b");
    stage.push();
    assert_eq!(log(&stage.open().unwrap()).len(), 2);
}

#[test]
fn two_runs_at_once_do_not_disturb_each_other() {
    let stage = Stage::new();
    drop(stage.open().unwrap());
    let (one, two) = (stage.open().unwrap(), stage.open().unwrap());
    assert_ne!(one.git().folder(), two.git().folder());
    assert_eq!(log(&one), log(&two));
    drop(one);
    drop(two);
    assert_eq!(stage.kept().len(), 1);
}

#[test]
fn clone_without_a_cache_removes_itself() {
    let stage = Stage::new();
    let clone = CommitClone::open(&CloneOptions { cache: None, ..stage.options() }).unwrap();
    let folder = clone.git().folder().to_owned();
    assert!(folder.exists());
    drop(clone);
    assert!(!folder.exists());
}

#[test]
fn token_opens_a_private_repository() {
    let stage = Stage::new();
    // `x-access-token:ghs_secret`
    stage.server.behave(Behavior::Private("Basic eC1hY2Nlc3MtdG9rZW46Z2hzX3NlY3JldA==".into()));
    let open = |token: Option<&str>| {
        CommitClone::open(&CloneOptions { remote: stage.remote().with_token(token), ..stage.options() })
    };
    assert!(open(Some("ghs_secret")).is_ok());
    for token in [None, Some("ghs_wrong")] {
        let error = open(token).unwrap_err();
        assert!(matches!(error, CloneError::Denied { .. }), "{error:?}");
        assert!(!error.to_string().contains("ghs_"), "{error}");
    }
}

#[test]
fn token_that_the_server_sends_back_is_not_shown() {
    let stage = Stage::new();
    for status in [400, 403, 404, 500] {
        stage.server.behave(Behavior::Status(status));
        let remote = stage.remote().with_token(Some("ghs_secret"));
        let error = CommitClone::open(&CloneOptions { remote, ..stage.options() }).unwrap_err().to_string();
        assert!(!error.contains("ghs_secret") && !error.contains("eC1hY2Nlc3M"), "{error}");
    }
    assert!(stage.server.requests().iter().any(|request| request.contains("eC1hY2Nlc3M")));
}

#[test]
fn server_error_is_asked_again_once() {
    let stage = Stage::new();
    for status in [500, 502, 503] {
        stage.server.behave(Behavior::Failing(1, status));
        assert_eq!(log(&stage.open().unwrap()).len(), 1, "{status}");
    }
    stage.server.behave(Behavior::Failing(2, 503));
    let before = stage.server.requests().len();
    let error = CommitClone::open(&CloneOptions { cache: None, ..stage.options() }).unwrap_err();
    assert!(matches!(error, CloneError::Unavailable { .. }), "{error:?}");
    assert!(error.to_string().contains("error: 503"), "{error}");
    assert_eq!(stage.server.requests().len() - before, 2);
}

#[test]
fn refusal_and_lack_of_time_are_not_asked_again() {
    let stage = Stage::new();
    let denied = Behavior::Failing(1, 403);
    let error = |time: Duration, behavior: Behavior| {
        stage.server.behave(behavior);
        let before = stage.server.requests().len();
        let error = CommitClone::open(&CloneOptions { time, ..stage.options() }).unwrap_err();
        assert_eq!(stage.server.requests().len() - before, 1, "{error:?}");
        error
    };
    assert!(matches!(error(Duration::from_secs(20), denied), CloneError::Denied { .. }));
    let short = error(Duration::from_millis(900), Behavior::Failing(1, 503));
    assert!(matches!(short, CloneError::Unavailable { .. }), "{short:?}");
}

#[test]
fn redirect_is_refused() {
    let stage = Stage::new();
    let other = GitServer::start(&stage.root, Behavior::Open);
    stage.server.behave(Behavior::Redirect(other.url()));
    let remote = stage.remote().with_token(Some("ghs_secret"));
    let error = CommitClone::open(&CloneOptions { remote, ..stage.options() }).unwrap_err();
    assert!(matches!(error, CloneError::Redirected { .. }), "{error:?}");
    assert!(other.requests().is_empty());
}

#[test]
fn absent_repository_and_server_are_named() {
    let stage = Stage::new();
    let remote = Remote::new(&stage.server.url(), "octo", "other").unwrap();
    let error = CommitClone::open(&CloneOptions { remote, ..stage.options() }).unwrap_err();
    assert!(matches!(error, CloneError::NotFound { .. }), "{error:?}");
    let remote = Remote::new("http://127.0.0.1:1", "octo", "shop").unwrap();
    let error = CommitClone::open(&CloneOptions { remote, ..stage.options() }).unwrap_err();
    assert!(matches!(error, CloneError::Unreachable { .. }), "{error:?}");
}

#[test]
fn slow_server_is_left_in_time() {
    let stage = Stage::new();
    for behavior in [Behavior::Silent, Behavior::Endless] {
        stage.server.behave(behavior);
        let start = Instant::now();
        let options = CloneOptions { time: Duration::from_millis(700), ..stage.options() };
        let error = CommitClone::open(&options).unwrap_err();
        assert!(matches!(error, CloneError::TooSlow { .. }), "{error:?}");
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn absent_git_is_named() {
    let stage = Stage::new();
    let error = CommitClone::open_with(Path::new("/nowhere/git"), &stage.options()).unwrap_err();
    assert!(error.to_string().contains("apt-get install git"), "{error}");
}

#[test]
fn hostile_ref_names_are_read_as_they_are() {
    let stage = Stage::new();
    let head = stage.work.head();
    let names = [
        "refs/heads/-upload-pack=touch",
        "refs/heads/--output=x",
        "refs/heads/$(touch)",
        "refs/tags/;touch;",
        "refs/heads/HEAD",
        "refs/heads/refs/tags/v1",
        "refs/tags/ä\u{202e}ö",
    ];
    for name in names {
        let packed = format!("{head} {name}\n");
        let file = stage.bare().join("packed-refs");
        let known = fs::read_to_string(&file).unwrap_or_default();
        fs::write(file, known + &packed).unwrap();
    }
    let clone = stage.open().unwrap();
    for name in names {
        assert_eq!(clone.target(name), Some(head.as_str()), "{name}");
    }
    assert_eq!(log(&clone).len(), 1);
}

#[test]
fn tag_of_a_folder_is_no_commit() {
    let stage = Stage::new();
    let tree = stage.work.git(&["rev-parse", "HEAD^{tree}"]).trim().to_owned();
    stage.work.git(&["tag", "tree", &tree]);
    stage.work.git(&["tag", "-a", "-m", "tree", "tree-with-message", &tree]);
    stage.push();
    assert_eq!(log(&stage.open().unwrap()).len(), 1);
    let blob = stage.work.git(&["rev-parse", "HEAD:a.txt"]).trim().to_owned();
    stage.work.git(&["tag", "blob", &blob]);
    stage.push();
    assert_eq!(log(&stage.open().unwrap()).len(), 1);
}

fn make_executable(file: &Path) {
    #[cfg(unix)]
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

//! Reading repositories that `git` itself made.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::testing::{Sandbox, run_git_at};
use super::*;

/// The patch of the head.
fn patch(sandbox: &Sandbox, whitespace: Whitespace) -> Vec<FilePatch> {
    let mut objects = sandbox.open().objects();
    let head = objects.commit(&sandbox.head()).unwrap().unwrap();
    objects.patch(&head, whitespace).unwrap()
}

fn places(files: &[FilePatch]) -> Vec<(String, Vec<(u32, u32)>)> {
    let hunks = |file: &FilePatch| file.hunks.iter().map(|hunk| (hunk.start, hunk.removed)).collect();
    files.iter().map(|file| (String::from_utf8_lossy(&file.path).into_owned(), hunks(file))).collect()
}

#[test]
fn without_git_the_way_to_get_it_is_named() {
    let error = Git::open_with(Path::new("no-such-program-as-this"), Path::new(".")).unwrap_err();
    assert!(matches!(error, GitError::NotInstalled));
    assert!(error.to_string().contains("apt-get install git"), "{error}");
}

/// Id and parents of every commit.
fn commits(git: &Git) -> Result<Vec<(String, String)>, GitError> {
    let mut all = Vec::new();
    git.log(|commit| all.push((commit.id.to_owned(), commit.parents.to_owned())))?;
    Ok(all)
}

#[test]
fn a_folder_without_a_repository_is_none() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Git::open(folder.path()), Err(GitError::NotARepository { .. })));
    assert!(matches!(Git::open(&folder.path().join("absent")), Err(GitError::NotARepository { .. })));
}

#[test]
fn an_empty_repository_has_no_commits_and_no_tags() {
    let sandbox = Sandbox::new();
    let git = sandbox.open();
    assert_eq!(commits(&git).unwrap(), []);
    assert_eq!(git.tags().unwrap(), []);
    assert!(matches!(git.commit("HEAD"), Err(GitError::Absent { .. })));
}

#[test]
fn commits_have_all_parents_and_tags_their_commit() {
    let mut sandbox = Sandbox::new();
    let first = sandbox.change("a", "1\n", "first");
    for branch in ["b", "c", "d"] {
        sandbox.git(&["checkout", "--quiet", "-b", branch, &first]);
        sandbox.change(branch, "1\n", branch);
    }
    sandbox.git(&["merge", "--quiet", "--no-edit", "b", "c"]);
    let merge = sandbox.head();
    sandbox.git(&["tag", "v1"]);
    sandbox.git(&["tag", "-a", "-m", "notes", "v2"]);
    sandbox.git(&["tag", "-a", "-m", "of a tag", "v3", "v2"]);
    sandbox.git(&["tag", "a-file", "HEAD:a"]);
    let git = sandbox.open();
    let all = commits(&git).unwrap();
    assert_eq!(all.len(), 5);
    assert_eq!(all.iter().find(|commit| commit.0 == merge).unwrap().1.split(' ').count(), 3);
    let tags = git.tags().unwrap();
    let names: Vec<&str> = tags.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(names, ["a-file", "v1", "v2", "v3"]);
    assert!(tags[1..].iter().all(|tag| tag.target == merge));
}

#[test]
fn a_worktree_and_a_bare_copy_answer_like_the_repository() {
    let mut sandbox = Sandbox::new();
    sandbox.change("a.c", "int a;\n", "first");
    sandbox.change("a.c", "int b;\n", "second");
    let (tree, bare) = (sandbox.beside("tree"), sandbox.beside("bare"));
    sandbox.git(&["worktree", "add", "--quiet", tree.to_str().unwrap(), "-b", "other"]);
    sandbox.git(&["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    let own = commits(&sandbox.open()).unwrap();
    let head = sandbox.head();
    for folder in [tree, bare] {
        let git = Git::open(&folder).unwrap();
        assert_eq!(commits(&git).unwrap(), own);
        assert_eq!(git.blame(&head, b"a.c", &[1]).unwrap()[0].commit.0, head);
        assert_eq!(
            git.shape().unwrap(),
            CloneCompleteness { shallow: false, filter: OmittedObjects::Nothing }
        );
    }
}

#[test]
fn a_shallow_clone_says_so_until_it_is_deepened() {
    let mut sandbox = Sandbox::new();
    for at in 0..4 {
        sandbox.change("a.c", &format!("int a{at};\n"), "change");
    }
    let origin = format!("file://{}", sandbox.path.display());
    let folder = sandbox.beside("shallow");
    sandbox.git(&["clone", "--quiet", "--depth=1", &origin, folder.to_str().unwrap()]);
    let git = Git::open(&folder).unwrap();
    assert!(git.shape().unwrap().shallow);
    assert_eq!(commits(&git).unwrap().len(), 1);
    git.deepen("origin", OmittedObjects::Nothing).unwrap();
    assert!(!git.shape().unwrap().shallow);
    assert_eq!(commits(&git).unwrap(), commits(&sandbox.open()).unwrap());
}

#[test]
fn a_clone_without_contents_says_so_and_fetches_nothing() {
    let mut sandbox = Sandbox::new();
    sandbox.git(&["config", "uploadpack.allowFilter", "true"]);
    sandbox.change("a.c", "int a;\n", "first");
    let first = sandbox.change("a.c", "int b;\n", "second");
    sandbox.change("a.c", "int c;\n", "third");
    let origin = format!("file://{}", sandbox.path.display());
    for (filter, shape) in [("blob:none", OmittedObjects::Blobs), ("tree:0", OmittedObjects::Trees)] {
        let folder = sandbox.beside(shape_name(shape));
        let filter = format!("--filter={filter}");
        sandbox.git(&["clone", "--quiet", "--bare", &filter, &origin, folder.to_str().unwrap()]);
        let git = Git::open(&folder).unwrap();
        assert_eq!(git.shape().unwrap(), CloneCompleteness { shallow: false, filter: shape });
        assert_eq!(commits(&git).unwrap().len(), 3, "commits are there, so the index is whole");
        let mut objects = git.objects();
        let commit = objects.commit(&first).unwrap().unwrap();
        assert!(objects.patch(&commit, Whitespace::Counts).is_err(), "nothing is fetched behind one's back");
        assert!(objects.commit(&first).unwrap().is_some(), "and the reader goes on");
    }
}

fn shape_name(filter: OmittedObjects) -> &'static str {
    match filter {
        OmittedObjects::Nothing => "whole",
        OmittedObjects::Blobs => "blobless",
        OmittedObjects::Trees => "treeless",
    }
}

#[cfg(unix)]
#[test]
fn no_configuration_attribute_or_hook_of_a_repository_runs_a_program() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut sandbox = Sandbox::new();
    let trap = sandbox.beside("trap.sh");
    let sprung = sandbox.beside("sprung");
    fs::write(&trap, format!("#!/bin/sh\ntouch '{}'\ncat \"$1\"\n", sprung.display())).unwrap();
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).unwrap();
    let trap = trap.to_str().unwrap().to_owned();
    sandbox.write(".gitattributes", "*.c diff=trap filter=trap\n");
    sandbox.change("a.c", "int a;\n", "first");
    sandbox.change("a.c", "int b;\n", "second");
    let head = sandbox.head();
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.askPass",
        "core.editor",
        "core.alternateRefsCommand",
        "credential.helper",
        "diff.external",
        "diff.trap.command",
        "diff.trap.textconv",
        "filter.trap.smudge",
        "filter.trap.process",
        "gpg.program",
        "log.showSignature",
        "remote.origin.uploadpack",
        "pager.blame",
        "pager.log",
    ] {
        sandbox.git(&["config", key, if key == "log.showSignature" { "true" } else { &trap }]);
    }
    let ignored = sandbox.beside("ignored");
    fs::write(&ignored, format!("{head}\n")).unwrap();
    sandbox.git(&["config", "blame.ignoreRevsFile", ignored.to_str().unwrap()]);
    sandbox.git(&["config", "remote.origin.url", "."]);
    for hook in ["post-checkout", "reference-transaction", "post-index-change"] {
        fs::create_dir_all(sandbox.path.join(".git/hooks")).unwrap();
        fs::copy(&trap, sandbox.path.join(".git/hooks").join(hook)).unwrap();
    }
    // The sandbox's own runs may spring it; what follows may not.
    drop(fs::remove_file(&sprung));
    let git = sandbox.open();
    let mut objects = git.objects();
    let commit = objects.commit(&head).unwrap().unwrap();
    assert_eq!(commits(&git).unwrap().len(), 2);
    git.tags().unwrap();
    git.shape().unwrap();
    git.mentions(&["second".to_owned()]).unwrap();
    assert_eq!(objects.patch(&commit, Whitespace::Counts).unwrap().len(), 1);
    assert_eq!(git.blame(&head, b"a.c", &[1]).unwrap()[0].commit.0, head);
    drop(git.deepen("origin", OmittedObjects::Nothing));
    assert!(!sprung.exists(), "a program of the repository ran");
}

#[test]
fn names_that_look_like_options_or_commands_are_names() {
    let mut sandbox = Sandbox::new();
    let names = ["-p.c", "--output=x.c", "two words.c", "q\"uote.c", "$(touch x).c", "a/--/b.c", "ä.c"];
    for name in names {
        sandbox.write(name, "int a;\n");
    }
    sandbox.commit("first");
    for name in names {
        sandbox.write(name, "int b;\n");
    }
    let head = sandbox.commit("-p --output=x $(touch x)\n\n--stdin");
    for tag in ["v1;touch", "v$(touch)", "'v2'"] {
        sandbox.git(&["update-ref", &format!("refs/tags/{tag}"), "HEAD"]);
    }
    sandbox.git(&["update-ref", "refs/tags/--all", "HEAD"]);
    let git = sandbox.open();
    let mut found: Vec<String> =
        places(&patch(&sandbox, Whitespace::Counts)).into_iter().map(|(n, _)| n).collect();
    found.sort();
    let mut expected = names.map(str::to_owned);
    expected.sort();
    assert_eq!(found, expected);
    for name in names {
        assert_eq!(git.blame(&head, name.as_bytes(), &[1]).unwrap()[0].commit.0, head, "{name}");
    }
    assert_eq!(git.tags().unwrap().len(), 4);
    for name in ["--all", "-h", "--output=x", "HEAD\nHEAD"] {
        assert!(git.commit(name).is_err() || git.commit(name).unwrap() == head, "{name}");
    }
    assert_eq!(fs::read_dir(&sandbox.path).unwrap().count(), names.len() + 1, "nothing was written");
}

#[cfg(unix)]
#[test]
fn names_and_contents_need_not_be_utf_8_or_on_one_line() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let mut sandbox = Sandbox::new();
    let names: [&[u8]; 3] = [b"latin-\xe4.c", b"line\nfeed.c", b"tab\there.c"];
    for name in names {
        sandbox.write(OsStr::from_bytes(name), b"int a; // \xe4\n");
    }
    sandbox.commit("first");
    for name in names {
        sandbox.write(OsStr::from_bytes(name), b"int b; // \xfc\n");
    }
    let head = sandbox.commit("second");
    let git = sandbox.open();
    let files = patch(&sandbox, Whitespace::Counts);
    let mut found: Vec<&[u8]> = files.iter().map(|file| file.path.as_slice()).collect();
    found.sort_unstable();
    let mut expected = names.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected);
    let mut objects = git.objects();
    assert_eq!(objects.contents(&files[0].blob).unwrap(), b"int a; // \xe4\n");
    let commit = objects.commit(&head).unwrap().unwrap();
    assert_eq!(objects.changed_paths(&commit).unwrap().len(), names.len());
    for name in names {
        assert_eq!(git.blame(&head, name, &[1]).unwrap()[0].commit.0, head);
    }
}

#[test]
fn lines_that_look_like_a_patch_are_lines() {
    let mut sandbox = Sandbox::new();
    sandbox.change("a.c", "-- a/x.c\n++ b/x.c\n@@ -1 +1 @@\ndiff --git a/y b/y\n//\nlast", "first");
    sandbox.change("a.c", "new\n//\nlast\n", "second");
    assert_eq!(places(&patch(&sandbox, Whitespace::Counts)), [("a.c".into(), vec![(1, 4), (6, 1)])]);
}

#[test]
fn changes_of_blanks_and_line_ends_can_be_left_out() {
    let mut sandbox = Sandbox::new();
    sandbox.change("a.c", "int a;\nint b;\n", "first");
    sandbox.change("a.c", "int a;\r\n  int   b;\r\n\n", "whole file");
    assert_eq!(places(&patch(&sandbox, Whitespace::Ignored)), []);
    assert_eq!(places(&patch(&sandbox, Whitespace::Counts)), [("a.c".into(), vec![(1, 2)])]);
    let head = sandbox.head();
    let blamed = sandbox.open().blame(&head, b"a.c", &[1, 2]).unwrap();
    assert!(blamed.iter().all(|run| run.commit.0 != head), "blame looks through it");
}

#[test]
fn new_binary_and_submodule_files_have_no_lines() {
    let mut sandbox = Sandbox::new();
    let text = "int a;\nint b;\nint c;\nint d;\nint e;\n";
    sandbox.write("old.c", text);
    sandbox.write("b.bin", [0_u8, 1, 2, 255]);
    let first = sandbox.commit("first");
    sandbox.git(&["mv", "old.c", "new.c"]);
    sandbox.write("new.c", text.replace("int c", "long c"));
    sandbox.write("b.bin", [0_u8, 9, 9, 255]);
    sandbox.write("added.c", "int f;\n");
    sandbox.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{first},module.c")]);
    sandbox.git(&["add", "new.c", "b.bin", "added.c"]);
    sandbox.git(&["commit", "--quiet", "-m", "second"]);
    assert_eq!(places(&patch(&sandbox, Whitespace::Counts)), [("old.c".into(), vec![(3, 1)])]);
}

#[test]
fn merge_is_compared_with_its_first_parent() {
    let mut sandbox = Sandbox::new();
    let first = sandbox.change("a.c", "int a;\n", "first");
    sandbox.git(&["checkout", "--quiet", "-b", "side"]);
    sandbox.change("a.c", "int b;\n", "side");
    sandbox.git(&["checkout", "--quiet", "main"]);
    sandbox.change("other.c", "int o;\n", "main");
    sandbox.git(&["merge", "--quiet", "--no-ff", "--no-edit", "side"]);
    assert_eq!(places(&patch(&sandbox, Whitespace::Counts)), [("a.c".into(), vec![(1, 1)])]);
    let mut objects = sandbox.open().objects();
    let first = objects.commit(&first).unwrap().unwrap();
    assert_eq!(objects.changed_paths(&first).unwrap(), [b"a.c".to_vec()]);
    assert_eq!(objects.patch(&first, Whitespace::Counts).unwrap(), []);
}

#[test]
fn commit_is_found_only_by_its_id_prefix() {
    let mut sandbox = Sandbox::new();
    let head = sandbox.change("a.c", "int a;\n", "subject\n\nbody\n");
    let blob = sandbox.git(&["rev-parse", "HEAD:a.c"]).trim().to_owned();
    let mut objects = sandbox.open().objects();
    let commit = objects.commit(&head[..7]).unwrap().unwrap();
    assert_eq!((commit.id.0.as_str(), commit.author.as_str()), (head.as_str(), "Ann <ann@example.org>"));
    assert_eq!(commit.message, "subject\n\nbody\n");
    for name in ["HEAD", "main", "", "0000000", &blob, "abc\nHEAD"] {
        assert_eq!(objects.commit(name).unwrap(), None, "{name}");
    }
}

#[test]
fn messages_are_searched_as_they_are_and_returned_whole() {
    let mut sandbox = Sandbox::new();
    let wanted = sandbox.change("a", "1", "b (#12)\n\n.*\n");
    sandbox.change("a", "2", "c (#123)");
    let git = sandbox.open();
    let found = git.mentions(&["(#12)".to_owned()]).unwrap();
    assert_eq!(found.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), [wanted.as_str()]);
    assert!(found[0].1.starts_with("b (#12)\n\n.*"));
    assert_eq!(git.mentions(&["x\n".to_owned(), "^.*$".to_owned()]).unwrap(), []);
}

#[test]
fn a_line_break_in_a_search_does_not_make_it_match_everything() {
    let mut sandbox = Sandbox::new();
    sandbox.change("a", "1", "first");
    assert_eq!(sandbox.open().mentions(&["\n".to_owned()]).unwrap(), []);
}

#[cfg(unix)]
#[test]
fn a_program_that_hangs_is_stopped() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let slow = folder.path().join("slow");
    fs::write(&slow, "#!/bin/sh\nexec sleep 600\n").unwrap();
    fs::set_permissions(&slow, fs::Permissions::from_mode(0o755)).unwrap();
    let git = Git {
        program: slow,
        folder: folder.path().to_owned(),
        patience: Duration::from_millis(50),
        side: None,
        remote: None,
        fetches_objects: false,
    };
    assert!(matches!(commits(&git), Err(GitError::TooSlow { .. })));
    assert!(matches!(git.objects().commit("abcdef0"), Err(GitError::TooSlow { .. })));
}

#[test]
fn a_repository_in_a_variable_is_not_asked_instead() {
    let mut sandbox = Sandbox::new();
    sandbox.change("a", "1", "first");
    let command = sandbox.open().command(Access::Local);
    let set: Vec<_> = command.get_envs().filter(|(_, value)| value.is_some()).map(|(name, _)| name).collect();
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_CONFIG_COUNT"] {
        assert!(!set.iter().any(|set| *set == name), "{name}");
    }
    assert_eq!(run_git_at(&sandbox.path, 0, &["rev-list", "--count", "HEAD"]).trim(), "1");
}

#[test]
fn what_makes_it_fast_stands_beside_the_repository_and_goes_again() {
    let mut sandbox = Sandbox::new();
    for at in 0..4 {
        sandbox.change("a.c", &format!("int a{at};\n"), "change");
    }
    sandbox.git(&["tag", "v1"]);
    let plain = sandbox.open();
    let fast = sandbox.open().with_graph();
    let folder = fast.side.as_ref().unwrap().objects().to_owned();
    fast.sketch_paths();
    assert!(folder.join("info/commit-graph").exists());
    assert!(!sandbox.path.join(".git/objects/info/commit-graph").exists());
    assert_eq!(
        (commits(&fast).unwrap(), fast.tags().unwrap()),
        (commits(&plain).unwrap(), plain.tags().unwrap())
    );
    let head = sandbox.head();
    assert_eq!(fast.blame(&head, b"a.c", &[1]).unwrap(), plain.blame(&head, b"a.c", &[1]).unwrap());
    let other = fast.clone();
    drop(fast);
    assert!(folder.exists(), "it is still used");
    drop(other);
    assert!(!folder.exists());
    sandbox.git(&["commit-graph", "write", "--reachable"]);
    assert!(sandbox.open().with_graph().side.is_none(), "the repository has one");
    let empty = Sandbox::new();
    assert_eq!(commits(&empty.open().with_graph()).unwrap(), []);
}

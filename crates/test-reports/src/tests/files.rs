//! Which files are read, and what is said about those that are not.

use std::path::Path;

use super::*;

/// A workspace with these files, each a passing report of its own.
fn workspace(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        put(folder.path(), file);
    }
    folder
}

/// Writes a passing report.
fn put(root: &Path, file: &str) {
    let path = root.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, format!("<testsuite name='{file}'><testcase name='a'/></testsuite>")).unwrap();
}

/// Paths that a list finds, and what its gaps say.
fn find(root: &Path, globs: &[&str]) -> (Vec<String>, Vec<String>) {
    let globs: Vec<String> = globs.iter().map(|g| (*g).to_owned()).collect();
    let read = read_reports(root, &globs, &ReadOptions::default()).unwrap();
    let paths = read.evidence.files.into_iter().map(|f| f.path).collect();
    (paths, read.gaps.into_iter().map(|g| g.what).collect())
}

#[test]
fn the_last_glob_that_matches_decides() {
    let folder = workspace(&["a/x.xml", "a/node_modules/y.xml", "b/z.xml", ".hidden/h.xml"]);
    std::fs::write(folder.path().join(".gitignore"), "*.xml").unwrap();
    let found = |globs: &[&str]| find(folder.path(), globs).0;
    assert_eq!(found(&["**/*.xml", "!**/node_modules/**"]), [".hidden/h.xml", "a/x.xml", "b/z.xml"]);
    assert_eq!(
        found(&["**/*.xml", "!a/**", "a/node_modules/*.xml"]),
        [".hidden/h.xml", "a/node_modules/y.xml", "b/z.xml"]
    );
    assert_eq!(found(&["./{a,b}/*.xml"]), ["a/x.xml", "b/z.xml"]);
    assert_eq!(found(&["{a/x,b/z}.xml"]), ["a/x.xml", "b/z.xml"]);
    assert_eq!(found(&["a/"]), ["a/node_modules/y.xml", "a/x.xml"]);
}

#[test]
fn glob_without_match_is_a_gap_naming_near_files() {
    let folder = workspace(&["target/x.xml"]);
    let (paths, gaps) = find(folder.path(), &["target/*.xml", "target/surefire-reports/*.xml"]);
    assert_eq!(paths, ["target/x.xml"]);
    assert_eq!(
        gaps,
        [
            "no file matches the glob `target/surefire-reports/*.xml`: there is no folder `surefire-reports` in `target`"
        ]
    );
    assert_eq!(find(folder.path(), &["!**/*.xml"]).1.len(), 1);
    assert_eq!(find(folder.path(), &["**/*.xml", "!target/**"]).1.len(), 1);
    assert_eq!(find(&folder.path().join("nowhere"), &["*.xml"]).1.len(), 2);
}

#[test]
fn a_glob_that_cannot_be_used_is_named() {
    for glob in ["a[", "/tmp/*.xml", "../*.xml", "a/../../b.xml", "", "!", "C:\\x.xml", "{a,b"] {
        let error =
            read_reports(Path::new("."), &["ok.xml".to_owned(), glob.to_owned()], &ReadOptions::default())
                .unwrap_err();
        assert!(error.to_string().starts_with(&format!("the glob `{glob}`")), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn no_symbolic_link_leads_out_of_the_workspace() {
    use std::os::unix::fs::symlink;
    let outside = workspace(&["secret.xml", "folder/deep.xml"]);
    let folder = workspace(&["a.xml"]);
    symlink(folder.path().join("a.xml"), folder.path().join("inside.xml")).unwrap();
    symlink(outside.path().join("secret.xml"), folder.path().join("out.xml")).unwrap();
    symlink(outside.path().join("folder"), folder.path().join("folder")).unwrap();
    symlink(folder.path(), folder.path().join("loop")).unwrap();
    symlink("nothing", folder.path().join("dangling.xml")).unwrap();
    let globs = ["**/*.xml".to_owned()];
    let read = read_reports(folder.path(), &globs, &ReadOptions::default()).unwrap();
    let paths: Vec<_> = read.evidence.files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths, ["a.xml", "inside.xml"]);
    assert_eq!(read.gaps.len(), 2, "{:?}", read.gaps);
    assert_eq!(read.warnings.len(), 1, "{:?}", read.warnings);
    assert!(read.warnings[0].starts_with("folder: "));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_opened_is_a_gap_and_the_rest_is_read() {
    let folder = workspace(&["a.xml"]);
    let socket = std::os::unix::net::UnixListener::bind(folder.path().join("b.xml")).unwrap();
    let (paths, gaps) = find(folder.path(), &["*.xml"]);
    drop(socket);
    assert_eq!((paths.len(), gaps), (1, vec!["neither a file nor a folder".to_owned()]));
}

#[test]
fn large_file_read_ahead_gives_the_same_report() {
    let logs = "a line of a log <ok> & done\n".repeat(700_000);
    let whole = format!(
        "<testsuite name='s'><testcase name='a'><system-out><![CDATA[{logs}]]></system-out></testcase>\
         <testcase name='b'><failure/></testcase></testsuite>"
    );
    let folder = workspace(&[]);
    for content in [whole.as_str(), &whole[..whole.len() - 30]] {
        std::fs::write(folder.path().join("large.xml"), content).unwrap();
        let from_file =
            read_reports(folder.path(), &["large.xml".to_owned()], &ReadOptions::default()).unwrap();
        assert!(from_file == read_report("large.xml", content.as_bytes(), Reruns::Reported));
    }
}

#[test]
fn absolute_globs_find_reports_in_known_folders_only() {
    let (workspace, temporary) = (workspace(&["out/x.xml"]), workspace(&["y.xml", "deep/z.xml"]));
    let absolute = |folder: &tempfile::TempDir, glob: &str| format!("{}/{glob}", folder.path().display());
    let find = |globs: &[String]| {
        let options = ReadOptions { roots: vec![temporary.path().to_owned()], ..ReadOptions::default() };
        read_reports(workspace.path(), globs, &options)
    };
    let paths = |globs: &[String]| {
        let read = find(globs).unwrap();
        read.evidence.files.into_iter().map(|file| file.path).collect::<Vec<_>>()
    };
    assert_eq!(paths(&[absolute(&workspace, "out/*.xml")]), ["out/x.xml"]);
    let in_temporary = absolute(&temporary, "**/*.xml");
    let all = [absolute(&temporary, "deep/z.xml"), absolute(&temporary, "y.xml")];
    assert_eq!(paths(std::slice::from_ref(&in_temporary)), all);
    assert_eq!(paths(&[absolute(&temporary, "")]), all);
    assert_eq!(paths(&[in_temporary.clone(), format!("!{}", absolute(&temporary, "deep/**"))]), all[1..]);
    assert_eq!(paths(&[in_temporary, "**/*.xml".to_owned()]).len(), 3);
    // A folder whose name only begins like one of these, and one that is left by `..`.
    let beside = format!("{}x/*.xml", temporary.path().display());
    for (glob, part) in [
        ("/nowhere/reports/*.xml".to_owned(), "lies outside"),
        (beside, "lies outside"),
        (absolute(&temporary, "../*.xml"), "`..` leads out"),
        ("~/x.xml".to_owned(), "lies outside"),
        ("C:\\x\\*.xml".to_owned(), "lies outside"),
    ] {
        let error = find(std::slice::from_ref(&glob)).unwrap_err().to_string();
        assert!(error.contains(part), "{glob}: {error}");
    }
    let missing = find(&[absolute(&temporary, "none/*.xml")]).unwrap();
    assert!(missing.gaps[0].what.contains("there is no folder `none` in `/"), "{:?}", missing.gaps);
}

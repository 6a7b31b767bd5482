use super::{Codeowners, team_of_owner};

fn owner(file: &str, path: &str) -> String {
    Codeowners::parse(file).owners(path).join(" ")
}

/// The lines of the example file in GitHub's documentation, in other words, each with what it says of a path.
#[test]
fn patterns_mean_what_the_documentation_says() {
    for (pattern, path, matches) in [
        ("*", "a/b/c.rs", true),
        ("*.js", "web/deep/app.js", true),
        ("*.js", "web/app.jsx", false),
        ("/build/logs/", "build/logs/deep/x.log", true),
        ("/build/logs/", "other/build/logs/x.log", false),
        ("docs/*", "docs/getting-started.md", true),
        ("docs/*", "docs/build-app/troubleshooting.md", false),
        ("apps/", "any/where/apps/x.rs", true),
        ("apps/", "apps", false),
        ("/docs/", "docs/a/b.md", true),
        ("/docs/", "web/docs/b.md", false),
        ("/scripts", "scripts/deep/x.sh", true),
        ("**/logs", "build/logs/x.log", true),
        ("**/logs", "logs/x.log", true),
        ("/apps/github", "apps/github/x.rs", true),
        ("src/**/test.rs", "src/test.rs", true),
        ("src/**/test.rs", "src/a/b/test.rs", true),
        ("src/**", "src/a/b.rs", true),
        ("src/**", "src", false),
        ("a/b", "x/a/b", false),
        ("README.md", "docs/README.md", true),
        ("readme.md", "README.md", false),
        ("ca?t.rs", "cart.rs", true),
        ("ca?t.rs", "ca/t.rs", false),
        ("with\\ space.md", "with space.md", true),
        ("/*", "a.rs", true),
        ("/*", "a/b.rs", false),
    ] {
        let found = owner(&format!("{pattern} @acme/x"), path);
        assert_eq!(found == "@acme/x", matches, "{pattern} on {path}");
    }
}

#[test]
fn the_last_line_that_matches_wins_and_may_take_the_owner_away() {
    let file =
        "* @acme/all\n/apps/ @octocat\n/apps/github\n/apps/github/x.rs @doctocat d@example.com # both\n";
    assert_eq!(owner(file, "lib.rs"), "@acme/all");
    assert_eq!(owner(file, "apps/a.rs"), "@octocat");
    assert_eq!(owner(file, "apps/github/a.rs"), "");
    assert_eq!(owner(file, "apps/github/x.rs"), "@doctocat d@example.com");
}

#[test]
fn lines_that_are_not_understood_are_skipped_and_said() {
    let file = "\u{feff}# comment\n\n!src @a\nsrc/[ab].rs @a\n\\#x @a\nsrc/ nobody\n//x @a\nsrc/ @a/b/c\n/ @a\n*.rs @ok\r\n";
    let read = Codeowners::parse(file);
    assert_eq!(read.skipped, [3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(read.owners("src/a.rs"), ["@ok"]);
}

#[test]
fn a_team_goes_by_its_own_name() {
    assert_eq!(team_of_owner("@acme/checkout"), "checkout");
    assert_eq!(team_of_owner("@octocat"), "@octocat");
    assert_eq!(team_of_owner("dev@example.com"), "dev@example.com");
}

#[test]
fn many_wildcards_take_no_more_time_than_their_number() {
    let pattern = format!("{}c @a", "**/*a*a*a*".repeat(40));
    let path = vec!["a".repeat(40); 60].join("/") + "/b";
    assert_eq!(owner(&pattern, &path), "");
}

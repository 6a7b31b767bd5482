#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::*;

fn places(patch: &str, blanks: Blanks) -> Vec<(u32, u32, bool)> {
    let all = hunks(patch, blanks).unwrap();
    all.into_iter().map(|hunk| (hunk.start, hunk.removed, hunk.adds)).collect()
}

#[test]
fn context_parts_the_places_that_changed() {
    let patch = "@@ -1,6 +1,6 @@ int main()\n a\n-b\n+B\n c\n d\n-e\n f\n+g\n\\ No newline at end of file";
    assert_eq!(places(patch, Blanks::Count), [(2, 1, true), (5, 1, false), (6, 0, true)]);
}

#[test]
fn what_is_put_in_names_the_line_above() {
    assert_eq!(places("@@ -0,0 +1,2 @@\n+a\n+b", Blanks::Count), [(0, 0, true)]);
    assert_eq!(places("@@ -4,0 +5 @@\n+a", Blanks::Count), [(4, 0, true)]);
    assert_eq!(places("@@ -4 +5,2 @@\n x\n+a", Blanks::Count), [(4, 0, true)]);
}

#[test]
fn a_line_that_went_may_look_like_a_header() {
    let patch = "@@ -1,3 +1,1 @@\n-@@ -1 +1 @@\n--- a/x\n x\n@@ -9 +8 @@\n-y\n+z\n";
    assert_eq!(places(patch, Blanks::Count), [(1, 2, false), (9, 1, true)]);
}

#[test]
fn a_change_in_blanks_is_none_where_they_are_ignored() {
    let patch = "@@ -1,4 +1,5 @@\n-if (a)\n-b();\n-c();\n-\n+if (a) {\n+\tb();\n+\tc( );\n+\n+}";
    assert_eq!(places(patch, Blanks::Ignored), [(1, 1, true), (4, 0, true)]);
    assert_eq!(places(patch, Blanks::Count), [(1, 4, true)]);
    assert_eq!(places("@@ -1,2 +1,2 @@\n a\n-\n+  ", Blanks::Ignored), []);
    assert_eq!(places("@@ -1,1 +1,2 @@\n a\n+\n", Blanks::Ignored), []);
}

#[test]
fn what_is_cut_off_or_no_patch_is_not_read() {
    for patch in [
        "@@ -1,3 +1,3 @@\n a\n-b",
        "@@ -1 +1 @@",
        "-b\n+c",
        "@@ -x +1 @@\n-a",
        "@@ -1 +1 @@\n*a\n+b",
        "@@ -1,1 +1,1 @@\n-a\n-b\n+c",
        "@@ -4294967295,2 +1,2 @@\n a\n b",
        "@@ -4294967295,0 +1,1 @@\n+a",
        "Binary files differ",
    ] {
        assert!(hunks(patch, Blanks::Count).is_err(), "{patch}");
    }
}

#[test]
fn a_change_too_large_to_compare_is_not_read() {
    let lines = |sign: char, from: usize| -> String {
        (from..from + 5000).map(|at| format!("{sign}{at}\n")).collect()
    };
    let patch = format!("@@ -1,5000 +1,5000 @@\n{}{}", lines('-', 0), lines('+', 9000));
    assert!(hunks(&patch, Blanks::Ignored).is_err());
    assert_eq!(places(&patch, Blanks::Count), [(1, 5000, true)]);
}

proptest! {
    #[test]
    fn no_text_is_too_much(text in "(@@ -[0-9]{1,3}(,[0-9]{1,2})? \\+[0-9](,[0-9])? @@|[-+ \\\\@][a@ ]{0,3}|\n){0,12}") {
        for blanks in [Blanks::Count, Blanks::Ignored] {
            drop(hunks(&text, blanks));
        }
    }

    #[test]
    fn without_blanks_no_more_lines_go_than_with_them(old in lines(), new in lines()) {
        let change: String = old.iter().map(|line| format!("-{line}\n")).chain(new.iter().map(|line| format!("+{line}\n"))).collect();
        let patch = format!("@@ -1,{} +1,{} @@\n{change}", old.len(), new.len());
        let gone = |blanks| places(&patch, blanks).iter().map(|(_, removed, _)| removed).sum::<u32>();
        prop_assert_eq!(gone(Blanks::Count) as usize, old.len());
        prop_assert!(gone(Blanks::Ignored) as usize <= old.len());
    }
}

fn lines() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[ab ]{0,3}", 1..8)
}

//! Finds the regression test of a defect.

use crate::evidence::Evidence;
use crate::model::{CaseStatus, Defect};

/// Folders and file names by which projects keep their tests, in lower case.
const TEST_FOLDERS: [&str; 8] = ["test", "tests", "spec", "specs", "__tests__", "e2e", "testing", "testdata"];

/// True if a passing test case's name holds the issue's number, or if a fix changes a test file.
pub fn has_regression_test(evidence: &Evidence, defect: &Defect) -> bool {
    // A skipped or failing test shows that somebody wrote it, and not that the defect stays fixed.
    let passes = |status: &CaseStatus| matches!(status, CaseStatus::Passed | CaseStatus::Flaky);
    let repository = evidence.repository.as_deref();
    let named = evidence.tests.iter().flat_map(|tests| tests.tests_naming(defect.number().0, repository));
    named.map(|(_, status)| status).any(|status| passes(&status)) || changes_a_test(defect)
}

/// True if a fix of the defect changes a file that projects keep tests in.
fn changes_a_test(defect: &Defect) -> bool {
    // Tests of an open pull request are not in any release yet.
    let merged = defect.issue.fixes.iter().filter(|fix| fix.commit.is_some());
    merged.flat_map(|fix| &fix.files).any(|path| is_test_file(path))
}

/// True for paths such as `tests/cart.rs`, `src/cart_test.go`, `web/cart.spec.ts`, `src/CartTest.java`.
fn is_test_file(path: &str) -> bool {
    let mut parts: Vec<&str> = path.split('/').collect();
    let Some(name) = parts.pop() else { return false };
    if parts.iter().any(|folder| TEST_FOLDERS.contains(&folder.to_lowercase().as_str())) {
        return true;
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words: Vec<String> = stem.split(['.', '_', '-']).map(str::to_lowercase).collect();
    let is_word = |word: Option<&String>| {
        word.is_some_and(|word| matches!(word.as_str(), "test" | "tests" | "spec" | "specs"))
    };
    // A file called `spec.yml` describes an interface. `test` and `tests` alone are accepted below.
    let several = words.len() > 1;
    // In camel case the word has its capital: `CartTest`, not `Contest`.
    let camel =
        ["Test", "Tests", "Spec", "IT"].iter().any(|end| stem.len() > end.len() && stem.ends_with(end));
    (several && (is_word(words.first()) || is_word(words.last())))
        || camel
        || stem == "tests"
        || stem == "test"
}

#[cfg(test)]
mod tests {
    use super::is_test_file;

    #[test]
    fn test_files_are_told_by_the_habits_of_projects() {
        for path in [
            "tests/cart.rs",
            "src/Test/Cart.php",
            "src/cart_test.go",
            "test_cart.py",
            "web/cart.spec.ts",
            "web/cart.test.tsx",
            "src/CartTest.java",
            "src/CartIT.java",
            "src/cart/tests.rs",
            "__tests__/cart.js",
        ] {
            assert!(is_test_file(path), "{path}");
        }
        for path in
            ["src/cart.rs", "src/contest.rs", "src/Contest.java", "latest/cart.js", "docs/testing.md", ""]
        {
            assert!(!is_test_file(path), "{path}");
        }
    }
}

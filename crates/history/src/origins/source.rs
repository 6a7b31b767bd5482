//! Classifies paths and lines of source text: code, test, comment, trivial line.
//!
//! Told by name and by the first characters, without parsing: it has to do for every language.

/// Endings of files that hold code.
const CODE: &[&str] = &[
    "c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "m", "mm", "java", "kt", "kts", "scala",
    "groovy", "py", "pyx", "js", "jsx", "mjs", "cjs", "ts", "tsx", "vue", "cs", "fs", "php", "phpt", "rb",
    "rs", "go", "swift", "lua", "pl", "pm", "sh", "bash", "r", "jl", "ml", "mli", "hs", "ex", "exs", "erl",
    "dart", "f", "f90", "for", "s", "asm", "sql", "y", "l", "bats", "t", "perl", "csh", "tcsh", "zsh", "ksh",
    "fish", "ps1", "psm1", "fsx", "clj", "cljs", "cljc", "el", "lisp", "scm", "rkt", "zig", "nim", "d", "v",
    "sv", "vhd", "sol", "tcl", "adb", "ads", "hrl", "cu", "cuh", "inl", "ipp",
];

/// Languages with `//` and `/* */` comments.
const LIKE_C: &[&str] = &[
    "c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "m", "mm", "java", "kt", "kts", "scala",
    "groovy", "js", "jsx", "mjs", "cjs", "ts", "tsx", "vue", "cs", "fs", "fsx", "php", "phpt", "rs", "go",
    "swift", "dart", "y", "l", "zig", "d", "v", "sv", "sol", "cu", "cuh", "inl", "ipp",
];

/// Languages with `#` comments.
const HASHED: &[&str] = &[
    "py", "pyx", "rb", "sh", "bash", "pl", "pm", "r", "jl", "ex", "exs", "php", "phpt", "bats", "t", "perl",
    "csh", "tcsh", "zsh", "ksh", "fish", "ps1", "psm1", "nim", "tcl",
];

/// Returns the comment mark of a language with another one.
fn other_mark(ending: &str) -> Option<&'static str> {
    match ending {
        "lua" | "sql" | "hs" | "vhd" | "adb" | "ads" => Some("--"),
        "erl" | "hrl" => Some("%"),
        "clj" | "cljs" | "cljc" | "el" | "lisp" | "scm" | "rkt" | "asm" => Some(";"),
        "f90" => Some("!"),
        _ => None,
    }
}

/// Folder names that hold tests.
const TEST_FOLDERS: [&str; 18] = [
    "t",
    "test",
    "tests",
    "testing",
    "spec",
    "specs",
    "__tests__",
    "testsuite",
    "testdata",
    "fixture",
    "fixtures",
    "regress",
    "selftest",
    "selftests",
    "test-suite",
    "unittest",
    "unittests",
    "e2e",
];

/// Endings of test file names, before the dot.
const TEST_ENDINGS: [&str; 11] =
    ["_test", "_tests", "-test", "_unittest", "_spec", ".test", ".spec", ".cy", "Test", "Tests", "TestCase"];

/// Whole names of test files, before the dot.
const TEST_NAMES: [&str; 4] = ["test", "tests", "conftest", "unittest"];

/// Lines that are there for the language and not for what the program does.
const EMPTY_WORDS: [&str; 12] =
    ["else", "do", "try", "break", "break;", "end", "fi", "done", "return", "return;", "pass", "then"];

/// Beginnings of import lines.
const IMPORTS: [&str; 8] =
    ["import ", "from ", "using ", "use ", "require ", "require(", "require_once", "package "];

/// A path's ending in lower case.
fn ending(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
}

/// True for a file of code.
pub fn is_code(path: &[u8]) -> bool {
    CODE.contains(&ending(&String::from_utf8_lossy(path)).as_str())
}

/// True for a file of tests.
pub fn is_test(path: &[u8]) -> bool {
    let path = String::from_utf8_lossy(path);
    let mut parts: Vec<&str> = path.split('/').collect();
    let name = parts.pop().unwrap_or("");
    let stem = name.rsplit_once('.').map(|(stem, _)| stem);
    let is_folder = |part: &&str| {
        let part = part.to_ascii_lowercase();
        TEST_FOLDERS.contains(&part.as_str()) || part.ends_with(".tests") || part.ends_with(".test")
    };
    parts.iter().any(is_folder)
        || stem.is_some_and(|stem| {
            stem.starts_with("test_")
                || stem.starts_with("test-")
                || TEST_NAMES.contains(&stem)
                || TEST_ENDINGS.iter().any(|ending| stem.ends_with(ending))
        })
}

/// Returns the weight of a line as evidence for the place of a defect.
pub fn line_weight(line: &str) -> f64 {
    if is_trivial(line) {
        0.15
    } else if is_import(line) {
        0.3
    } else {
        1.0
    }
}

/// True for brackets, and words that only close or open something.
pub fn is_trivial(line: &str) -> bool {
    let is_bracket = |c: char| c.is_whitespace() || "{}()[];,".contains(c);
    let word = line.trim_matches(|c: char| c.is_whitespace() || "{}:;".contains(c));
    line.chars().all(is_bracket) || EMPTY_WORDS.contains(&word)
}

/// True for a line that names another file.
fn is_import(line: &str) -> bool {
    let line = line.trim_start();
    let is_include = line.strip_prefix('#').is_some_and(|rest| rest.trim_start().starts_with("include"));
    let is_from = line.starts_with("from ") && !line.contains(" import");
    // `from` also begins a line of SQL or LINQ.
    is_include || !is_from && IMPORTS.iter().any(|start| line.starts_with(start))
}

/// The lines of a file, and for each whether it holds nothing but a comment or blanks.
pub fn silent_lines(path: &[u8], lines: &[&str]) -> Vec<bool> {
    let ending = ending(&String::from_utf8_lossy(path));
    let ending = ending.as_str();
    let (like_c, hashed) = (LIKE_C.contains(&ending), HASHED.contains(&ending));
    let other = other_mark(ending);
    let is_python = matches!(ending, "py" | "pyx");
    let is_php = matches!(ending, "php" | "phpt");
    let mut in_block = false;
    let mut quote: Option<&str> = None;
    let mut silent = Vec::with_capacity(lines.len());
    for line in lines {
        let line = line.trim();
        if line.is_empty() {
            silent.push(true);
        } else if like_c && (in_block || line.starts_with("/*")) {
            let inside = if in_block { line } else { &line[2..] };
            let rest = inside.split_once("*/").map(|(_, rest)| rest.trim());
            in_block = rest.is_none();
            silent.push(rest.is_none_or(|rest| rest.is_empty() || rest.starts_with("//")));
        } else if like_c {
            in_block = opens_block(line);
            // In PHP, `#[` begins an attribute.
            silent.push(line.starts_with("//") || hashed && line.starts_with('#') && !line.starts_with("#["));
        } else if let Some(mark) = quote {
            if line.contains(mark) {
                quote = None;
            }
            silent.push(true);
        } else {
            let start = line.trim_start_matches(['r', 'u', 'b', 'R', 'U', 'B']);
            // A text that begins a line is a docstring.
            let mark = ["\"\"\"", "'''"].into_iter().find(|mark| is_python && start.starts_with(mark));
            quote = mark.filter(|mark| line.matches(mark).count() < 2);
            let is_comment = other.is_some_and(|other| line.starts_with(other))
                || hashed && line.starts_with('#') && !(is_php && line.starts_with("#["));
            silent.push(mark.is_some() || is_comment);
        }
    }
    silent
}

/// True if a block comment begins behind the code of a line and does not end there. Quoted text opens nothing.
fn opens_block(line: &str) -> bool {
    let mut quoted: Option<char> = None;
    let mut open = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (quoted, c) {
            (Some(_), '\\') => drop(chars.next()),
            (Some(quote), c) if c == quote => quoted = None,
            (Some(_), _) => {}
            (None, '*') if open && chars.peek() == Some(&'/') => open = false,
            (None, _) if open => {}
            (None, '"' | '\'') => quoted = Some(c),
            (None, '/') if chars.peek() == Some(&'/') => return false,
            (None, '/') if chars.peek() == Some(&'*') => {
                chars.next();
                open = true;
            }
            (None, _) => {}
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silent(path: &str, text: &str) -> Vec<usize> {
        let lines: Vec<&str> = text.lines().collect();
        let flags = silent_lines(path.as_bytes(), &lines);
        flags.iter().enumerate().filter(|(_, silent)| **silent).map(|(at, _)| at + 1).collect()
    }

    #[test]
    fn comments_are_found_and_code_is_not_taken_for_one() {
        let text = "int a; /* opens\n still */\nint b; // behind code\n// alone\n/* one */ int c;\n\"/*\";\nint d;\n";
        assert_eq!(silent("a.c", text), [2, 4]);
        assert_eq!(silent("a.py", "x = 1\n# no\n\"\"\"doc\nmore\"\"\"\ny = '''a'''\n"), [2, 3, 4]);
        assert_eq!(silent("a.sh", "#!/bin/sh\necho // not\n"), [1]);
        assert_eq!(silent("a.rs", "#[test]\nfn a() {}\n"), [0; 0]);
        assert_eq!(silent("a.lua", "-- why\nlocal a = 1 -- one\n"), [1]);
        assert_eq!(silent("a.erl", "% why\nA = 1.\n"), [1]);
        assert_eq!(silent("a.zig", "// why\nconst a = 1;\n"), [1]);
    }

    #[test]
    fn tests_are_told_by_folder_and_by_name() {
        for path in [
            "tests/a.c",
            "src/test_a.py",
            "a_test.go",
            "src/CartTest.java",
            "web/a.spec.ts",
            "t/a.sh",
            "Cart.Tests/A.cs",
            "tests.py",
            "a-test.js",
        ] {
            assert!(is_test(path.as_bytes()), "{path}");
        }
        for path in ["src/attest.c", "contest/a.c", "src/testing.c", "latest.py", "src/unittested.c"] {
            assert!(!is_test(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn brackets_say_less_than_imports_and_imports_less_than_code() {
        assert!(line_weight("  });") < line_weight("#include <a.h>"));
        assert!(line_weight("import os") < line_weight("total += price;"));
        assert!(is_trivial("} else {") && is_trivial("  fi") && !is_trivial("else_branch();"));
    }
}

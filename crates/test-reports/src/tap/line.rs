//! Parses lines of TAP: test points, plans and directives.

/// Returns `true` if a line is TAP and nothing else.
pub fn is_tap_line(line: &str) -> bool {
    let plan = |line: &str| {
        let (first, last) = line.split_once("..").unwrap_or(("", ""));
        let last = last.split_whitespace().next().unwrap_or("");
        !first.is_empty()
            && !last.is_empty()
            && [first, last].iter().all(|n| n.bytes().all(|b| b.is_ascii_digit()))
    };
    line.starts_with("TAP version ") || is_ktap(line) || parse_test_point(line).is_some() || plan(line)
}

/// Returns `true` if a line is the head of KTAP, the kernel's form of TAP.
pub fn is_ktap(line: &str) -> bool {
    line.starts_with("KTAP version ")
}

/// Parses the number of failures in a comment at the end of a run: `# fail 1` (Node.js, tape, Mocha), `# failed 1 of
/// 3 tests` (node-tap).
pub fn failures_in_comment(line: &str) -> Option<u64> {
    let mut words = line.strip_prefix('#')?.split_whitespace();
    let is_count = matches!(words.next()?, "fail" | "failed" | "cancelled");
    let count = words.next()?.parse().ok()?;
    (is_count && matches!(words.next(), None | Some("of"))).then_some(count)
}

/// Parses a test point: `true` for `ok`, and the rest of the line.
pub fn parse_test_point(line: &str) -> Option<(bool, &str)> {
    let not = line.strip_prefix("not").filter(|rest| rest.starts_with(is_space_or_tab)).map(str::trim_start);
    let rest = not.unwrap_or(line).strip_prefix("ok")?;
    // `ok-name`, `ok # skip`: what follows a failure may be anything that is not a longer word.
    let apart =
        |c: char| is_space_or_tab(c) || matches!(c, '-' | '#') || (not.is_some() && !c.is_alphanumeric());
    (rest.is_empty() || rest.starts_with(apart)).then(|| (not.is_none(), rest.trim_start()))
}

/// Parses a test point in an unusual form: `skip 1 name` (Testem), `warning 2 - text`
/// (Catch2). The first value is `true` if it was skipped.
pub fn parse_unusual_point(line: &str) -> Option<(bool, &str)> {
    let rest = line.strip_prefix("skip ").map(|rest| (true, rest));
    let (skipped, rest) = rest.or_else(|| line.strip_prefix("warning ").map(|rest| (false, rest)))?;
    let name = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    (name.len() < rest.len() && (name.is_empty() || name.starts_with(is_space_or_tab)))
        .then_some((skipped, rest))
}

/// Splits a test point into its name and two flags: a `SKIP` and a `TODO` directive.
pub fn split_directives(rest: &str) -> (&str, bool, bool) {
    let (mut skip, mut todo, mut name) = (false, false, rest);
    // TAP 14 escapes a `#` that belongs to the name by a backslash.
    for (at, _) in rest.match_indices('#').filter(|(at, _)| !rest[..*at].ends_with('\\')) {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        if !(before.is_empty() || before.ends_with(is_space_or_tab) || before.ends_with('-')) {
            continue;
        }
        let apart = after.starts_with(is_space_or_tab);
        let text = after.trim_start();
        let word = &text[..text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())];
        // Without a blank, `#skip-link` or `#todo` is more likely a part of the name.
        let is = |known: &str| word == known || (apart && word.eq_ignore_ascii_case(known));
        skip |= is("SKIP") || is("SKIPPED");
        todo |= is("TODO");
        if (apart || skip || todo) && name.len() == rest.len() {
            name = before;
        }
    }
    (name, skip, todo)
}

/// Returns `true` for white space within a line.
pub fn is_space_or_tab(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_one_whatever_follows_the_word() {
        for line in
            ["not ok", "not ok 1", "not ok - name", "not ok-name", "not ok, name", "not\tok 1", "not ok# x"]
        {
            assert_eq!(parse_test_point(line).map(|(good, _)| good), Some(false), "{line}");
        }
        assert_eq!(parse_test_point("ok-name"), Some((true, "-name")));
        for line in ["okay", "not okay", "notok", "ok, done", "is ok"] {
            assert_eq!(parse_test_point(line), None, "{line}");
        }
    }

    #[test]
    fn only_a_directive_takes_back_a_failure() {
        for (rest, name, skip, todo) in [
            ("- name # SKIP why", "- name ", true, false),
            ("- name # skipped", "- name ", true, false),
            ("-# TODO later", "-", false, true),
            ("- name #TODO", "- name ", false, true),
            ("- name # TODO later # time=3ms", "- name ", false, true),
            ("- name # time=3ms", "- name ", false, false),
            ("- name # TODOMVC", "- name ", false, false),
            ("- name # skipping fails", "- name ", false, false),
            ("- a #todo list", "- a #todo list", false, false),
            ("- a \\# TODO", "- a \\# TODO", false, false),
            ("- closes acme/shop#12", "- closes acme/shop#12", false, false),
        ] {
            assert_eq!(split_directives(rest), (name, skip, todo), "{rest}");
        }
    }
}

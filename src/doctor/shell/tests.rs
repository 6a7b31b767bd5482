//! Splitting scripts into commands.
#![allow(clippy::unwrap_used)]

use super::shell_commands;

fn words(script: &str) -> Vec<String> {
    shell_commands(script).iter().map(|command| command.words.join(" ")).collect()
}

#[test]
fn operators_split_commands() {
    assert_eq!(words("a; b && c || d | e\nf & g"), ["a", "b", "c", "d", "e", "f", "g"]);
    assert_eq!(words("a \\\n  --b"), ["a --b"]);
    assert_eq!(words("a 2>&1 | b"), ["a 2>&1", "b"]);
}

#[test]
fn quotes_and_expressions_stay_together() {
    assert_eq!(words("echo 'a; b' \"c && d\""), ["echo a; b c && d"]);
    assert_eq!(words("echo ${{ a || b }} x"), ["echo ${{ a || b }} x"]);
    assert_eq!(words("x=$(a; b) && c"), ["x=$(a; b)", "c"]);
}

#[test]
fn comments_and_here_documents_are_no_commands() {
    assert_eq!(words("# npm publish\na # b"), ["a"]);
    assert_eq!(words("cat <<EOF\nnpm publish\nEOF\na"), ["cat", "a"]);
    assert_eq!(words("cat <<'END' > x\nnpm publish\nEND\na"), ["cat > x", "a"]);
    assert_eq!(words("a <<< 'npm publish'\nb"), ["a <<< npm publish", "b"]);
}

#[test]
fn wrappers_and_assignments_are_left_out() {
    assert_eq!(words("sudo -E A=1 npx --yes a b"), ["a b"]);
    assert_eq!(words("python -m pytest"), ["pytest"]);
    assert_eq!(words("if a; then b; fi"), ["a", "b", "fi"]);
    assert_eq!(words("uv run --frozen pytest"), ["pytest"]);
}

#[test]
fn hostile_script_ends() {
    for script in ["'", "\"", "$(", "${{", "<<", "<<'", "\\", "((((", "a <<EOF", "\"$(\"", "é<<é\n"] {
        drop(words(script));
    }
}

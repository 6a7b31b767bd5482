//! Parts that every SARIF 2.1.0 log has.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// Returns a log with one run. `driver` is the name of the tool.
pub fn sarif_log(driver: &str, rules: &[Value], results: &[Value]) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": driver,
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            } },
            "results": results,
        }],
    })
}

/// Returns the location of a line; `None` for a whole file.
pub fn sarif_location(path: &str, line: Option<u64>) -> Value {
    let mut place = json!({ "artifactLocation": { "uri": file_uri(path) } });
    // Code scanning refuses line 0.
    if let Some(line) = line.filter(|line| *line > 0) {
        place["region"] = json!({ "startLine": line });
    }
    json!({ "physicalLocation": place })
}

/// Returns a path as a URI reference: relative, or `file:` for an absolute path.
fn file_uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut out = String::with_capacity(path.len());
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            // Writing to a string cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{file_uri, sarif_location};

    #[test]
    fn path_is_a_uri() {
        assert_eq!(file_uri("./.github/escape-gate.yml"), ".github/escape-gate.yml");
        assert_eq!(file_uri("a b\\ü.yml"), "a%20b/%C3%BC.yml");
        assert_eq!(file_uri("/srv/policy.yml"), "file:///srv/policy.yml");
        assert_eq!(file_uri("a:b.yml"), "a%3Ab.yml", "no scheme");
    }

    #[test]
    fn unknown_line_is_no_line_zero() {
        assert_eq!(sarif_location("a", Some(3))["physicalLocation"]["region"]["startLine"], 3);
        for line in [None, Some(0)] {
            assert!(sarif_location("a", line)["physicalLocation"].get("region").is_none());
        }
    }
}

//! The policy that holds, as YAML and as JSON.

use serde_json::{Map, Value, json};

use super::{Item, Shown};
use crate::policy::Inherited;
use crate::policy::diagnostic::visible;
use crate::policy::inherit::Loosened;
use crate::policy::yaml::is_text;

/// The column of the comments.
const COMMENTS: usize = 48;

/// As a policy, with a comment beside each value.
pub(super) fn yaml(items: &[(String, Item)], inherited: &Inherited) -> String {
    let mut out = String::from("# What holds, and where each value comes from.\n");
    for file in &inherited.files {
        out.push_str(&format!("# inherits {} (sha256:{})\n", file.name, file.digest));
    }
    for Loosened { what, from, to, reason } in &inherited.loosened {
        let line =
            format!("loosened: {what}, {} ({}) instead of {} ({}): {reason}", to.0, to.1, from.0, from.1);
        out.push_str(&format!("# {}\n", visible(&line)));
    }
    mapping(&mut out, items, 0);
    out
}

/// As a document for a machine.
pub(super) fn json(items: &[(String, Item)], inherited: &Inherited) -> Value {
    let mut origins = Map::new();
    let policy = object(items, "", &mut origins);
    let inherits: Vec<Value> = inherited
        .files
        .iter()
        .map(|file| json!({ "file": file.name, "digest": format!("sha256:{}", file.digest) }))
        .collect();
    let loosened: Vec<Value> = inherited
        .loosened
        .iter()
        .map(|one| {
            let place = |(value, place): &(String, String)| json!({ "value": value, "place": place });
            json!({ "what": one.what, "from": place(&one.from), "to": place(&one.to), "reason": one.reason })
        })
        .collect();
    json!({ "policy": policy, "origins": origins, "inherits": inherits, "loosened": loosened })
}

fn mapping(out: &mut String, items: &[(String, Item)], indent: usize) {
    for (at, (key, item)) in items.iter().enumerate() {
        // The first key of a list's entry stands behind its dash.
        let pad = if at == 0 && out.ends_with("- ") { String::new() } else { " ".repeat(indent) };
        let key = format!("{pad}{}:", scalar(key, false));
        match &item.value {
            Shown::Scalar(text, quoted) => {
                line(out, &format!("{key} {}", scalar(text, *quoted)), &item.origin)
            }
            Shown::List(items) if items.is_empty() => line(out, &format!("{key} []"), &item.origin),
            Shown::Map(items) if items.is_empty() => line(out, &format!("{key} {{}}"), &item.origin),
            Shown::List(items) => {
                out.push_str(&format!("{key}\n"));
                list(out, items, indent + 2);
            }
            Shown::Map(items) => {
                out.push_str(&format!("{key}\n"));
                mapping(out, items, indent + 2);
            }
        }
    }
}

fn list(out: &mut String, items: &[Item], indent: usize) {
    for item in items {
        out.push_str(&format!("{}- ", " ".repeat(indent)));
        match &item.value {
            Shown::Scalar(text, quoted) => line(out, &scalar(text, *quoted), &item.origin),
            Shown::List(items) => list(out, items, indent + 2),
            Shown::Map(items) => mapping(out, items, indent + 2),
        }
    }
}

/// A value, and a comment at the same column as the others where there is room.
fn line(out: &mut String, text: &str, origin: &str) {
    out.push_str(text);
    let begun = out.len() - out.rfind('\n').map_or(0, |at| at + 1);
    out.push_str(&" ".repeat(COMMENTS.saturating_sub(begun).max(2)));
    out.push_str(&format!("# {origin}\n"));
}

/// A scalar as YAML reads it back. Whatever could be taken for something else stands in double quotes, and what a
/// terminal would obey is written as an escape.
fn scalar(text: &str, is_quoted: bool) -> String {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '%' | '+' | '(' | ')');
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let words = !text.ends_with(' ') && !text.contains("  ") && text.chars().all(|c| plain(c) || c == ' ');
    if begins && words && (!is_quoted || is_text(text)) {
        return text.to_owned();
    }
    quoted(text)
}

/// A text in double quotes, as every YAML reader reads it back, whatever it holds.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if visible(&c.to_string()) != c.to_string() => {
                out.push_str(&format!("\\U{:08X}", u32::from(c)))
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn object(items: &[(String, Item)], path: &str, origins: &mut Map<String, Value>) -> Value {
    let mut object = Map::new();
    for (key, item) in items {
        let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        object.insert(key.clone(), value(item, &path, origins));
    }
    Value::Object(object)
}

fn value(item: &Item, path: &str, origins: &mut Map<String, Value>) -> Value {
    match &item.value {
        Shown::Scalar(text, quoted) => {
            origins.insert(path.to_owned(), json!(item.origin));
            match (text.parse::<u64>(), text.as_str()) {
                (_, "true" | "false") if !quoted => json!(text == "true"),
                (Ok(number), _) if !quoted => json!(number),
                (Ok(_) | Err(_), _) => json!(text),
            }
        }
        Shown::Map(items) => object(items, path, origins),
        Shown::List(items) => {
            let each = items.iter().enumerate();
            each.map(|(at, item)| value(item, &format!("{path}/{at}"), origins)).collect()
        }
    }
}

//! The effective policy as YAML and as JSON.

use serde_json::{Map, Value, json};

use super::{EffectiveItem, EffectiveValue};
use crate::characters::visible;
use crate::yaml::is_yaml_text;
use crate::{Inherited, Relaxation};

/// Column at which the comments begin.
const COMMENTS: usize = 48;

/// Returns the policy as YAML with a comment next to each value.
pub(super) fn effective_yaml(items: &[(String, EffectiveItem)], inherited: &Inherited) -> String {
    let mut out = String::from("# What holds, and where each value comes from.\n");
    for file in &inherited.files {
        out.push_str(&format!("# inherits {} (sha256:{})\n", file.name, file.digest));
    }
    for Relaxation { what, from, to, reason } in &inherited.loosened {
        let line =
            format!("loosened: {what}, {} ({}) instead of {} ({}): {reason}", to.0, to.1, from.0, from.1);
        out.push_str(&format!("# {}\n", visible(&line)));
    }
    write_mapping(&mut out, items, 0);
    out
}

/// Returns the policy as a JSON document.
pub(super) fn effective_json(items: &[(String, EffectiveItem)], inherited: &Inherited) -> Value {
    let mut origins = Map::new();
    let policy = json_object(items, "", &mut origins);
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

fn write_mapping(out: &mut String, items: &[(String, EffectiveItem)], indent: usize) {
    for (at, (key, item)) in items.iter().enumerate() {
        // The first key of an entry follows the dash of the entry.
        let pad = if at == 0 && out.ends_with("- ") { String::new() } else { " ".repeat(indent) };
        let key = format!("{pad}{}:", yaml_scalar(key, false));
        match &item.value {
            EffectiveValue::Scalar(text, is_quoted) => {
                write_line(out, &format!("{key} {}", yaml_scalar(text, *is_quoted)), &item.origin)
            }
            EffectiveValue::List(items) if items.is_empty() => {
                write_line(out, &format!("{key} []"), &item.origin)
            }
            EffectiveValue::Map(items) if items.is_empty() => {
                write_line(out, &format!("{key} {{}}"), &item.origin)
            }
            EffectiveValue::List(items) => {
                out.push_str(&format!("{key}\n"));
                write_list(out, items, indent + 2);
            }
            EffectiveValue::Map(items) => {
                out.push_str(&format!("{key}\n"));
                write_mapping(out, items, indent + 2);
            }
        }
    }
}

fn write_list(out: &mut String, items: &[EffectiveItem], indent: usize) {
    for item in items {
        out.push_str(&format!("{}- ", " ".repeat(indent)));
        match &item.value {
            EffectiveValue::Scalar(text, is_quoted) => {
                write_line(out, &yaml_scalar(text, *is_quoted), &item.origin)
            }
            EffectiveValue::List(items) => write_list(out, items, indent + 2),
            EffectiveValue::Map(items) => write_mapping(out, items, indent + 2),
        }
    }
}

/// Writes a value, and a comment in the column of the others if there is room.
fn write_line(out: &mut String, text: &str, origin: &str) {
    out.push_str(text);
    let begun = out.len() - out.rfind('\n').map_or(0, |at| at + 1);
    out.push_str(&" ".repeat(COMMENTS.saturating_sub(begun).max(2)));
    out.push_str(&format!("# {origin}\n"));
}

/// Returns a scalar as YAML reads it back: in double quotes if it could be read as something else, with escapes for
/// characters that a terminal acts on.
fn yaml_scalar(text: &str, is_quoted: bool) -> String {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '%' | '+' | '(' | ')');
    // At the beginning, `-`, `%`, `+` and `.` can mean something else in YAML.
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let words = !text.ends_with(' ') && !text.contains("  ") && text.chars().all(|c| plain(c) || c == ' ');
    if begins && words && (!is_quoted || is_yaml_text(text)) {
        return text.to_owned();
    }
    yaml_double_quoted(text)
}

/// Returns a text in double quotes, as every YAML reader reads it back.
pub fn yaml_double_quoted(text: &str) -> String {
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

fn json_object(items: &[(String, EffectiveItem)], path: &str, origins: &mut Map<String, Value>) -> Value {
    let mut object = Map::new();
    for (key, item) in items {
        // JSON Pointer (RFC 6901) escapes these two, `~` first.
        let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        object.insert(key.clone(), json_value(item, &path, origins));
    }
    Value::Object(object)
}

fn json_value(item: &EffectiveItem, path: &str, origins: &mut Map<String, Value>) -> Value {
    match &item.value {
        EffectiveValue::Scalar(text, is_quoted) => {
            origins.insert(path.to_owned(), json!(item.origin));
            // A decimal stays a text: as a JSON number, the version `1.10` would become 1.1.
            match (text.parse::<u64>(), text.as_str()) {
                (_, "true" | "false") if !is_quoted => json!(text == "true"),
                (Ok(number), _) if !is_quoted => json!(number),
                (Ok(_) | Err(_), _) => json!(text),
            }
        }
        EffectiveValue::Map(items) => json_object(items, path, origins),
        EffectiveValue::List(items) => {
            let each = items.iter().enumerate();
            each.map(|(at, item)| json_value(item, &format!("{path}/{at}"), origins)).collect()
        }
    }
}

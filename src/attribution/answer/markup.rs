//! The text of an answer without its Markdown and HTML.

/// Mark around what is struck through.
pub const STRIKE: char = '\u{1}';

/// The longest HTML tag that is one: a comparison may begin with `<` as well.
const LONGEST_TAG: usize = 500;

/// The longest target of a link, so that brackets without an end cost no more than a scan.
const LONGEST_LINK: usize = 2000;

/// One line of an answer as a reader sees it, in plain characters: digits of other widths become ASCII digits, and
/// dashes of all kinds one. What is struck through stands between two [`STRIKE`].
pub fn strip_markup(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = without_marker(line);
    if let Some(range) = interval_notation(rest.trim_matches('`')) {
        return range;
    }
    // An odd `~~` opens nothing. Without this, the rest of the line would count as struck.
    let mut strikes = (rest.matches("~~").count() / 2) * 2;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let behind = out.chars().next_back();
        rest = match c {
            'h' if rest.starts_with("http://") || rest.starts_with("https://") => push_url(rest, &mut out),
            '<' => push_html_tag(rest, &mut out).unwrap_or_else(|| {
                out.push('<');
                after
            }),
            '&' => push_entity(rest, &mut out),
            ']' => skip_link_target(after, &mut out),
            '~' if after.starts_with('~') => {
                if strikes > 0 {
                    strikes -= 1;
                    out.push(STRIKE);
                }
                &after[1..]
            }
            // `1.4.*` is a line, and any other asterisk is emphasis.
            '*' if behind == Some('.') && !after.starts_with(char::is_alphanumeric) => {
                out.push('*');
                after
            }
            '_' if behind.is_some_and(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric) => {
                out.push('_');
                after
            }
            '*' | '_' | '[' | STRIKE => after,
            '`' | '"' | '“' | '”' | '\u{a0}' => {
                out.push(' ');
                after
            }
            _ => {
                push_plain(c, &mut out);
                after
            }
        };
    }
    out
}

/// A range as mathematics, OSGi and Maven write it: `[1.3,1.5)` is from 1.3 to before 1.5.
fn interval_notation(line: &str) -> Option<String> {
    let (low, high) = line.strip_prefix(['[', '('])?.strip_suffix([']', ')'])?.split_once(',')?;
    let is_end = |end: &str| {
        let is_number = end.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit());
        end.is_empty() || (is_number && !end.contains([' ', ',', '(', '[']))
    };
    let (low, high) = (low.trim(), high.trim());
    let is_interval = is_end(low) && is_end(high) && !(low.is_empty() && high.is_empty());
    // `[1.3, 1.5]` is a list as well, and the range holds its members.
    is_interval.then(|| {
        let above = if line.starts_with('[') { ">=" } else { ">" };
        let below = if line.ends_with(']') { "<=" } else { "<" };
        let end =
            |sign: &str, end: &str| if end.is_empty() { String::new() } else { format!("{sign} {end} ") };
        format!("{}{}", end(above, low), end(below, high))
    })
}

/// A character in its plain form.
fn push_plain(c: char, out: &mut String) {
    match c {
        '０'..='９' => out.push(char::from(b'0' + u8::try_from(c as u32 - '０' as u32).unwrap_or(0))),
        '．' => out.push('.'),
        '：' => out.push_str(": "),
        '，' | '、' => out.push(','),
        '；' | '|' => out.push(';'),
        '（' => out.push('('),
        '）' => out.push(')'),
        '＋' => out.push('+'),
        '‐' | '‑' => out.push('-'),
        '–' | '—' | '−' | '‒' | '―' | '～' | '〜' | '…' | '→' | '⇒' => out.push_str(" – "),
        '≥' => out.push_str(">="),
        '≤' => out.push_str("<="),
        '’' | '‘' => out.push('\''),
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
        _ => out.push(c),
    }
}

/// The line without the sign of a list, a chosen box or a quotation.
pub fn without_marker(line: &str) -> &str {
    let mut rest = line.trim();
    loop {
        let after = match rest.chars().next() {
            Some('-' | '*' | '+' | '•') => {
                rest[rest.chars().next().map_or(0, char::len_utf8)..].strip_prefix(' ')
            }
            // `> 1.3` compares.
            Some('>') => rest[1..].strip_prefix(' ').map(str::trim_start).filter(|after| {
                !after.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit())
            }),
            Some('0'..='9') => strip_list_number(rest),
            Some('[') => rest.strip_prefix("[x] ").or_else(|| rest.strip_prefix("[X] ")),
            _ => None,
        };
        match after {
            Some(after) => rest = after.trim_start(),
            None => return rest,
        }
    }
}

/// Returns the text after the number of a list item: `1.4.0` of `1. 1.4.0`. A version that ends a sentence is no such number.
fn strip_list_number(line: &str) -> Option<&str> {
    let end = line.find(|c: char| !c.is_ascii_digit())?;
    let after = line[end..].strip_prefix(". ").or_else(|| line[end..].strip_prefix(") "))?;
    // Lists have fewer than 100 items. `2024. 1.4.0` begins with a year.
    (end <= 2 && !after.trim().is_empty()).then_some(after)
}

/// Takes an address: of a release's own page its tag, of any other one nothing.
fn push_url<'t>(text: &'t str, out: &mut String) -> &'t str {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, ')' | '>' | '<' | '"' | ']' | '`'));
    let (address, rest) = text.split_at(end.unwrap_or(text.len()));
    // A link to the release page names the tag more exactly than its text. Any other address only
    // has numbers by chance.
    if let Some((_, tag)) = address.split_once("/releases/tag/") {
        out.push(' ');
        out.push_str(&tag.replace("%40", "@").replace("%2F", "/"));
    }
    out.push(' ');
    rest
}

/// Takes an HTML tag; `None` if this is none.
fn push_html_tag<'t>(text: &'t str, out: &mut String) -> Option<&'t str> {
    let inner = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    let name_end = inner.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = &inner[..name_end];
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !is_name || !inner[name_end..].starts_with(['>', ' ', '/']) {
        return None;
    }
    let end = inner[..floor_boundary(inner, LONGEST_TAG)].find('>')?;
    out.push(match name.to_ascii_lowercase().as_str() {
        "del" | "s" | "strike" => STRIKE,
        // These tags begin a new line in the browser, so they end a clause.
        "br" | "li" | "p" | "div" | "tr" => ';',
        _ => ' ',
    });
    Some(&inner[end + 1..])
}

/// Takes a character that HTML writes by name.
fn push_entity<'t>(text: &'t str, out: &mut String) -> &'t str {
    for (name, is) in
        [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&nbsp;", " "), ("&ge;", ">="), ("&le;", "<=")]
    {
        if let Some(rest) = text.strip_prefix(name) {
            out.push_str(is);
            return rest;
        }
    }
    out.push('&');
    &text[1..]
}

/// Takes the target of a link, after its text.
fn skip_link_target<'t>(after: &'t str, out: &mut String) -> &'t str {
    out.push(' ');
    let Some(target) = after.strip_prefix('(') else { return after };
    target[..floor_boundary(target, LONGEST_LINK)].find(')').map_or(after, |end| &target[end + 1..])
}

/// The last place in a text, not beyond a length, at which a character ends.
fn floor_boundary(text: &str, length: usize) -> usize {
    let mut length = length.min(text.len());
    while !text.is_char_boundary(length) {
        length -= 1;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::strip_markup;

    #[test]
    fn markup_is_taken_off() {
        for (line, text) in [
            ("**1.4.0**", "1.4.0"),
            ("- `1.4.*`", " 1.4.* "),
            ("[v1.4.0](https://github.com/acme/p/releases/tag/v1.4.0)", "v1.4.0 "),
            ("https://github.com/acme/p/releases/tag/cli%401.4.0", " cli@1.4.0 "),
            ("see https://example.com/1.2.3/x", "see  "),
            ("~~1.3.2~~ 1.4.0", "\u{1}1.3.2\u{1} 1.4.0"),
            ("~~1.3.2 1.4.0", "1.3.2 1.4.0"),
            ("<del>1.3.2</del> <b>1.4.0</b>", "\u{1}1.3.2\u{1}  1.4.0 "),
            ("<1.4.1", "<1.4.1"),
            ("&lt; 1.4.1", "< 1.4.1"),
            ("> 1.3.0", "> 1.3.0"),
            ("> it says 1.3.0", "it says 1.3.0"),
            ("１.４.０", "1.4.0"),
            ("1.3.0—1.4.0", "1.3.0 – 1.4.0"),
            ("1. 1.4.0", "1.4.0"),
            ("- [x] v1.4.0", "v1.4.0"),
            ("p_1.4.0_amd64.deb", "p_1.4.0_amd64.deb"),
            ("_1.4.0_", "1.4.0"),
        ] {
            assert_eq!(strip_markup(line), text, "{line}");
        }
    }
}

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{code_block, inline, inline_code, prose, prose_with_links, safe_url};

/// Shows the zero-width space, so that an expectation can be read.
fn shown(text: &str) -> String {
    text.replace('\u{200b}', "·")
}

#[test]
fn a_mention_notifies_nobody() {
    assert_eq!(
        shown(&inline("ask @mona or @acme/release, mail a.b@example.com")),
        "ask @·mona or @·acme/release, mail a.b@·example.com"
    );
}

#[test]
fn a_reference_links_and_closes_nothing() {
    assert_eq!(
        shown(&inline("closes #12, fixes acme/shop#34 and GH-56, gh-7")),
        "closes #·12, fixes acme/shop#·34 and GH-·56, gh-·7"
    );
}

#[test]
fn a_commit_is_not_linked() {
    assert_eq!(
        shown(&inline("since deadbeef and 0123456789abcdef0123456789abcdef01234567")),
        "since deadbe·ef and 012345·6789ab·cdef01·234567·89abcd·ef0123·4567"
    );
    assert_eq!(shown(&inline("acme/shop@deadbee")), "acme/shop@·deadbe·e");
    assert_eq!(inline("abc123"), "abc123");
}

#[test]
fn an_address_is_not_linked() {
    assert_eq!(
        shown(&inline("https://evil.example www.evil.example mailto:x WWW.x ftp://y")),
        "https:·//evil.example www·.evil.example mailto:·x WWW·.x ftp:·//y"
    );
}

#[test]
fn no_link_image_or_footnote_opens() {
    assert_eq!(inline("![a](b) [c][d] [^1] <e>"), r"!\[a\](b) \[c\]\[d\] \[^1\] &lt;e&gt;");
}

#[test]
fn no_html_and_no_entity_gets_through() {
    assert_eq!(
        inline("<img src=x onerror=y> <!-- escape-gate --> &lt; &#64;mona"),
        "&lt;img src=x onerror=y&gt; &lt;!-- escape-gate --&gt; &amp;lt; &amp;#\u{200b}64;mona"
    );
}

#[test]
fn no_emphasis_code_or_strike_opens() {
    assert_eq!(inline(r"**a** __b__ ~~c~~ `d` \e"), r"\*\*a\*\* \_\_b\_\_ \~\~c\~\~ \`d\` \\e");
}

#[test]
fn a_table_cell_cannot_end_or_break() {
    assert_eq!(inline("a | b\n| c \\| d"), r"a \| b \| c \\\| d");
}

#[test]
fn a_line_cannot_begin_a_heading_or_a_list() {
    for (text, expected) in [
        ("# a", "\\# a"),
        ("- a", "\\- a"),
        ("+ a", "\\+ a"),
        ("* a", "\\* a"),
        ("> a", "&gt; a"),
        ("12. a", "12\\. a"),
        ("3) a", "3\\) a"),
        ("===", "\\==="),
        ("---", "\\---"),
        ("~~~", "\\~\\~\\~"),
        ("1.", "1\\."),
    ] {
        assert_eq!(inline(text), expected);
    }
    assert_eq!(inline("v1.5 - a"), "v1.5 - a");
    assert_eq!(inline("2.1 % of (3)"), "2.1 % of (3)");
}

#[test]
fn no_emoji_and_no_formula_appears() {
    assert_eq!(shown(&inline(":tada: at 12:30 a:b:c")), ":·tada: at 12:30 a:·b:c");
    assert_eq!(inline("$x$"), "<span>$</span>x<span>$</span>");
}

#[test]
fn hidden_characters_cannot_undo_the_escaping() {
    assert_eq!(shown(&inline("@\u{200b}mona #\u{feff}12 \u{202e}x")), "@·mona #·12 \u{fffd}x");
}

#[test]
fn code_holds_whatever_is_in_it() {
    assert_eq!(inline_code("a::b[1]"), "`a::b[1]`");
    assert_eq!(inline_code(" "), "(empty)");
    assert_eq!(inline_code("a`b"), "<code>a&#96;b</code>");
    assert_eq!(inline_code("a|b"), "<code>a&#124;b</code>");
    assert_eq!(
        shown(&inline_code("<!-- x --> a@b.c")),
        "<code>&#60;&#33;&#45;&#45; x &#45;&#45;&#62; a&#64;·b&#46;c</code>"
    );
    assert_eq!(inline_code("a\nb\u{1b}"), "`a b\u{fffd}`");
}

#[test]
fn a_quoted_name_is_code_and_cannot_leave_it() {
    assert_eq!(prose("label `production-bug`"), "label `production-bug`");
    assert_eq!(shown(&prose("label `a` @mona `b`")), "label `a` @·mona `b`");
    assert_eq!(prose("one ` only"), "one \\` only");
    assert_eq!(prose("two `` empty"), "two \\`\\` empty");
    assert_eq!(prose("`a|b` c"), "<code>a&#124;b</code> c");
}

#[test]
fn only_known_issues_are_linked_and_only_by_safe_addresses() {
    let url = |number| match number {
        12 => Some("https://github.com/acme/shop/issues/12"),
        13 => Some("javascript:alert(1)"),
        _ => None,
    };
    assert_eq!(
        shown(&prose_with_links("close #12, #13, #14, a#12, #12a", &url)),
        "close [#12](https://github.com/acme/shop/issues/12), #·13, #·14, a#·12, #·12a"
    );
    assert_eq!(prose_with_links("#12 first", &url), "[#12](https://github.com/acme/shop/issues/12) first");
}

#[test]
fn an_address_that_breaks_out_is_no_link() {
    assert_eq!(
        safe_url("https://github.com/acme/shop/issues/1").unwrap(),
        "https://github.com/acme/shop/issues/1"
    );
    assert!(safe_url("http://localhost:4200/a?b=c&d=%20#e").is_some());
    for url in [
        "javascript:alert(1)",
        "//evil",
        "https://",
        "https:///x",
        "https://a)b",
        "https://a b",
        "https://a|b",
        "https://github.com@evil.example/",
        "https://a\u{202e}b",
        "https://a\"b",
        "https://a<b",
        "https://a\nb",
        "HTTPS://a`b",
        "ftp://a",
        "https://a\\b",
        "https://a*b",
    ] {
        assert_eq!(safe_url(url), None, "{url}");
    }
}

#[test]
fn an_advisory_is_not_linked() {
    assert_eq!(shown(&inline("CVE-2021-44228, ghsa-2g98")), "CVE-·2021-44228, ghsa-·2g98");
}

#[test]
fn backticks_around_a_dollar_sign_make_no_formula() {
    assert_eq!(inline_code("a$"), "<code>a&#36;</code>");
}

#[test]
fn no_line_closes_a_code_block() {
    assert_eq!(code_block("yaml", "a:\n  b"), "```yaml\na:\n  b\n```\n");
    assert_eq!(code_block("", "x\n````\n<b>\u{1b}"), "`````\nx\n````\n<b>\u{241b}\n`````\n");
}

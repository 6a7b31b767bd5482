//! The verdict as a badge: an SVG, and the JSON that shields.io draws a badge from.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::output::escape::{Plain, Safe, Xml, safe};
use crate::output::labels::{distinctive_gate_id, dry_run_suffix};
use crate::report::{Report, Verdict};

/// Maximum length of each half in characters.
const HALF_LENGTH: usize = 40;

/// Width of a character in pixels at the font size of the badge; the widest letters are a little wider.
const CHARACTER_WIDTH: usize = 7;

/// Space before and after a text, in pixels.
const MARGIN: usize = 6;

/// The texts and the color of a badge.
struct Badge {
    /// Left half: `escape gate`.
    label: Safe<Plain>,
    /// Right half: `v1.4.0 fail`.
    message: Safe<Plain>,
    /// Color of the right half for shields.io.
    color: &'static str,
    /// Color of the right half, dark enough for white text.
    fill: &'static str,
}

impl Badge {
    fn of(report: &Report) -> Self {
        let (color, fill) = match report.verdict {
            Verdict::Pass => ("brightgreen", "#1a7f37"),
            Verdict::Warn | Verdict::Waived => ("yellow", "#9a6700"),
            Verdict::Unknown => ("lightgrey", "#57606a"),
            Verdict::Fail => ("red", "#cf222e"),
        };
        let label: Safe<Plain> = match distinctive_gate_id(report) {
            Some(id) => safe!("escape gate {}", Safe::of(id)),
            None => "escape gate".into(),
        };
        // The verdict is at the end, and a long name must not cut it off.
        let candidate =
            report.candidate.as_ref().map(|candidate| Safe::<Plain>::of(&candidate.name).cut(HALF_LENGTH));
        let candidate = candidate.filter(|name| !name.is_empty());
        let verdict = report.verdict.name();
        let message = match candidate {
            Some(name) => safe!("{} {}{}", name, verdict, dry_run_suffix(report)),
            None => safe!("{}{}", verdict, dry_run_suffix(report)),
        };
        Self { label: label.cut(HALF_LENGTH), message, color, fill }
    }
}

/// Returns the JSON for the endpoint badge of shields.io.
pub fn shields_badge(report: &Report) -> Value {
    let badge = Badge::of(report);
    json!({
        "schemaVersion": 1,
        "label": &*badge.label,
        "message": &*badge.message,
        "color": badge.color,
    })
}

/// Renders the badge as SVG. Its title says the same to a screen reader.
pub fn badge_svg(report: &Report) -> Safe<Xml> {
    let badge = Badge::of(report);
    let width = |text: &str| text.width() * CHARACTER_WIDTH;
    let (left, right) = (width(&badge.label), width(&badge.message));
    let (left_box, right_box) = (left + 2 * MARGIN, right + 2 * MARGIN);
    let text = |x: usize, width: usize, text: &Safe<Plain>| -> Safe<Xml> {
        // Whatever font a browser has, the text fills its half.
        safe!(
            "    <text x=\"{}\" y=\"14\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>\n",
            x,
            width,
            Safe::of(text)
        )
    };
    let title: Safe<Xml> = safe!("{}: {}", Safe::of(&badge.label), Safe::of(&badge.message));
    safe!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"20\" role=\"img\" aria-label=\"{}\">\n  \
         <title>{}</title>\n  <rect width=\"{}\" height=\"20\" fill=\"#3b3f44\"/>\n  <rect x=\"{}\" width=\"{}\" \
         height=\"20\" fill=\"{}\"/>\n  <g fill=\"#fff\" font-family=\"Verdana,Geneva,DejaVu Sans,sans-serif\" \
         font-size=\"11\">\n{}{}  </g>\n</svg>\n",
        left_box + right_box,
        title,
        title,
        left_box,
        left_box,
        right_box,
        badge.fill,
        text(MARGIN, left, &badge.label),
        text(left_box + MARGIN, right, &badge.message)
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{badge_svg, shields_badge};
    use crate::output::examples;
    use crate::report::DryRun;

    #[test]
    fn long_name_does_not_hide_the_verdict() {
        let mut report = examples::fail();
        report.candidate.as_mut().unwrap().name = "v".repeat(500);
        let message = shields_badge(&report)["message"].as_str().unwrap().to_owned();
        assert!(message.ends_with("… fail") && message.chars().count() < 50, "{message}");
    }

    #[test]
    fn gate_and_dry_run_are_named() {
        let mut report = examples::unknown();
        report.id = "api".to_owned();
        report.dry_run_by = Some(DryRun::Option);
        assert!(badge_svg(&report).contains("<title>escape gate api: v1.5.0 unknown (dry run)</title>"));
    }
}

//! The evidence of a project that is large in every way, and a policy that asks for nearly everything: made anew each time,
//! the same each time.

use std::fmt::Write as _;

/// Releases of the project: one every five days, the last on 2025-12-28.
pub const RELEASES: u32 = 1_000;
/// Its tickets, half of them escaped.
pub const TICKETS: u32 = 100_000;

/// The snapshot as text.
pub fn snapshot() -> String {
    let mut out = String::with_capacity(64 << 20);
    out.push_str(
        r#"{"schema":1,"taken-at":"2026-01-01T00:00:00Z","repository":"acme/shop","candidate":{"name":"v2.0.0","tag":"v2.0.0","#,
    );
    let _ = write!(out, r#""head":"{}","commits":{{"base":"{}","ids":["#, sha(0), tag(RELEASES - 1));
    let ids: Vec<String> = (1..=TICKETS / 2).map(|number| format!("\"{}\"", sha(number))).collect();
    let _ = write!(out, r#"{}]}}}},"releases":["#, ids.join(","));
    let releases: Vec<String> = (0..RELEASES)
        .map(|number| format!(r#"{{"tag":"{}","published-at":"{}"}}"#, tag(number), moment(released(number))))
        .collect();
    let _ = write!(out, r#"{}],"tickets":["#, releases.join(","));
    let mut dice = Dice(1);
    for number in 1..=TICKETS {
        if number > 1 {
            out.push(',');
        }
        ticket(&mut out, number, &mut dice);
    }
    out.push_str("]}");
    out
}

/// The policy: fifty rules over nearly every metric, scope, group and bound.
pub fn policy() -> String {
    let mut out = String::from(
        "version: 1\n\
         releases: { supported: 500, mature-after: 30d, hotfix-within: 2d }\n\
         defects:\n  escaped: { labels: [production-bug] }\n  caught: { labels: [bug] }\n  \
         severity: { critical: [sev/critical], major: [sev/major], minor: [sev/minor] }\n  \
         component: \"area/*\"\n  team: \"team/*\"\n  root-cause: \"cause/*\"\n\
         rules:\n",
    );
    let mut id = 0;
    let mut rule = |text: &str| {
        id += 1;
        let _ = writeln!(out, "  - {{ id: r{id}, {text}, level: advisory }}");
    };
    for (metric, bound) in [
        ("escaped", "max: 5"),
        ("unfixed", "max: 5"),
        ("escape-rate", "max: 5%"),
        ("root-cause-coverage", "min: 90%"),
    ] {
        for over in ["all", "supported", "last 100 releases", "90d"] {
            for severity in ["critical", "[major, minor]"] {
                rule(&format!("metric: {metric}, over: {over}, where: {{ severity: {severity} }}, {bound}"));
            }
        }
    }
    for text in [
        "metric: escaped, over: current, max: previous",
        "metric: escaped, over: current, max: best",
        "metric: escaped, over: current, max: median(last 4)",
        "metric: escaped, over: quarter, max: previous + 10",
        "metric: escaped, trend: { over: 8 quarters, must: not-increase }",
        "metric: escaped, trend: { over: 12 months, must: decrease }",
        "metric: escape-rate, trend: { over: 8 releases, must: not-increase }",
        "metric: escaped, over: supported, per: component, max: 100",
        "metric: escaped, over: supported, per: team, max: 100",
        "metric: escape-rate, over: supported, per: component, max: 60%",
        "metric: escape-rate, over: all, per: team, max: 60%",
        "metric: unfixed, over: supported, per: component, max: 100",
        "metric: unfixed, over: all, per: team, max: 1000",
        "metric: change-failure-rate, over: supported, max: 15%",
        "metric: change-failure-rate, over: last 100 releases, where: { severity: critical }, max: 5%",
        "metric: untriaged, over: all, max: 0",
        "metric: unattributed, over: supported, max: 0",
        "metric: regression-test-coverage, over: supported, min: 90%",
    ] {
        rule(text);
    }
    out
}

/// One ticket: every tenth is open, every seventh of the others closed by hand.
fn ticket(out: &mut String, number: u32, dice: &mut Dice) {
    let release = dice.below(RELEASES);
    let created = released(release) + i64::from(dice.below(60 * 86_400));
    let labels = [
        ["production-bug", "bug"][dice.below(2) as usize].to_owned(),
        format!("sev/{}", ["critical", "major", "minor"][dice.below(3) as usize]),
        format!("area/{}", dice.below(40)),
        format!("team/{}", dice.below(12)),
        format!(
            "cause/{}",
            ["logic", "integration", "performance", "config", "security"][dice.below(5) as usize]
        ),
    ];
    let created_at = moment(created);
    let _ = write!(
        out,
        r#"{{"number":{number},"title":"Ticket {number}","url":"https://github.com/acme/shop/issues/{number}","updated-at":"{created_at}","created-at":"{created_at}","labels":["{}"],"body":"Something happened\n\n### Version\n\n{}\n""#,
        labels.join(r#"",""#),
        tag(release)
    );
    if number.is_multiple_of(10) {
        out.push_str(r#","state":"open"}"#);
        return;
    }
    let closed = moment(created + 5 * 86_400);
    let _ = write!(out, r#","state":"closed","state-reason":"completed","closed-at":"{closed}""#);
    if !number.is_multiple_of(7) {
        let _ = write!(
            out,
            r#","fixes":[{{"pull-request":{},"commit":"{}","merged-at":"{closed}","files":["src/a.rs"]}}]"#,
            TICKETS + number,
            sha(number)
        );
    }
    out.push('}');
}

/// The tag of a release.
fn tag(number: u32) -> String {
    format!("v1.{number}.0")
}

/// When a release came out, in seconds since 1970.
fn released(number: u32) -> i64 {
    const LAST: i64 = 1_766_880_000;
    LAST - i64::from(RELEASES - 1 - number) * 5 * 86_400
}

/// A moment as text, at most that at which the evidence was taken.
fn moment(seconds: i64) -> String {
    const TAKEN: i64 = 1_767_225_600;
    jiff::Timestamp::from_second(seconds.min(TAKEN))
        .map_or_else(|error| error.to_string(), |at| at.to_string())
}

/// A commit's id.
fn sha(number: u32) -> String {
    format!("{number:040x}")
}

/// Numbers that look thrown and are the same each time (the generator of POSIX's `rand`).
struct Dice(u64);

impl Dice {
    /// The next number below a limit.
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7FFF_FFFF;
        u32::try_from((self.0 >> 8) % u64::from(limit)).unwrap_or(0)
    }
}

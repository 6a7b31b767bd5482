//! How the report was measured: the policy, the evidence, and the numbers that no rule limits.

use super::{DocumentMedium, DocumentSection, Paragraph, prose};
use crate::output::escape::{Safe, safe};
use crate::output::labels;
use crate::report::{RelaxationLine, Report};

/// Number of digits of a commit in the footer, as GitHub abbreviates it.
const SHORT_COMMIT: usize = 7;

/// Lists the relaxations of an inherited policy, and the policies that are inherited.
pub fn inherited_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let inherited = report.inherited.as_ref()?;
    let file = |name: &str, digest: &str| {
        safe!("inherits from {} ({})", M::name(name), prose(&labels::short_digest(digest)))
    };
    let files = inherited.files.iter().map(|one| vec![file(&one.name, &one.digest)]);
    let looser = |line: &RelaxationLine| {
        let (holds, before) = (M::name(&line.holds), M::name(&line.inherited));
        let place = prose(&line.inherited_at);
        vec![safe!(
            "{} is {} instead of {} ({}): {}",
            prose(&line.what),
            holds,
            before,
            place,
            prose(&line.reason)
        )]
    };
    let entries: Vec<Paragraph<M>> = inherited.loosened.iter().map(looser).chain(files).collect();
    let looser = labels::counted_noun(inherited.loosened.len() as u64, "value is", "values are");
    let title = if inherited.loosened.is_empty() {
        "Inherited policy".into()
    } else {
        safe!("Inherited policy: {} looser than inherited", looser)
    };
    DocumentSection::of(title, "lines on inheritance", 6, entries)
}

/// Lists verdict, policy, candidate, totals and time of the evaluation.
pub fn measurement_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let totals = &report.totals;
    let mut lines =
        vec![safe!("verdict: {}", report.verdict.name()), safe!("policy {}", M::name(&report.policy))];
    lines.extend(report.repository.iter().map(|name| safe!("repository {}", M::name(name))));
    if let Some(candidate) = &report.candidate {
        let head = candidate.head.as_ref().map(|head| safe!("commit {}", M::name(head)));
        let head = head.unwrap_or_else(|| "commit not known".into());
        let commits = labels::commits_since_base(report, &M::name).map(|commits| safe!(", {}", commits));
        lines.push(safe!("candidate {}, {}{}", M::name(&candidate.name), head, commits.unwrap_or_default()));
    }
    lines.push(safe!(
        "escaped {}, critical {}, untriaged {} ({})",
        labels::count_or_not_measured(totals.escaped),
        labels::count_or_not_measured(totals.critical),
        labels::count_or_not_measured(totals.untriaged),
        prose(&totals.over)
    ));
    if let Some(without @ 1..) = totals.unattributed {
        lines.push(safe!(
            "{} without a release",
            labels::counted_noun(without, "escaped defect is", "escaped defects are")
        ));
    }
    lines.extend(
        report
            .guessed
            .as_ref()
            .map(|guessed| safe!("releases found in: {}", prose(&labels::guessed_releases_text(guessed)))),
    );
    lines.push(safe!(
        "evaluated at {} by escape-gate {}",
        report.evaluated_at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        report.version
    ));
    let entries = lines.into_iter().map(|line| vec![line]).collect();
    DocumentSection::of("How this was measured", "lines on the measurement", 7, entries)
}

/// Returns the name of the program, the short commit, the run, the product, the policy and the gate.
pub fn footer<M: DocumentMedium>(report: &Report) -> Vec<Safe<M>> {
    let head = report.candidate.as_ref().and_then(|candidate| candidate.head.as_deref());
    let linked = |text: Safe<M>, url: Option<&String>| match url {
        Some(url) => M::linked(text, url),
        None => text,
    };
    let links = report.links.as_ref();
    let commit_url = links.and_then(|links| links.commit.as_ref());
    let head = head.map(|head| linked(M::name(head.get(..SHORT_COMMIT).unwrap_or(head)), commit_url));
    let run = links.map(|links| {
        let number = links.run.rsplit('/').next().unwrap_or_default();
        safe!("run {}", M::linked(prose(number), &links.run))
    });
    let gate = labels::distinctive_gate_id(report).map(|id| safe!("gate {}", M::name(id)));
    let product = report.product.as_ref().map(|name| safe!("product {}", M::name(name)));
    let policy_url = links.and_then(|links| links.policy.as_ref());
    let policy = safe!("policy {}", linked(M::name(&report.policy), policy_url));
    ["Escape Gate".into()]
        .into_iter()
        .chain(head)
        .chain(run)
        .chain(product)
        .chain([policy])
        .chain(gate)
        .collect()
}

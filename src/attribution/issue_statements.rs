//! The statements of an issue as read, before a timeline says which releases they name.

use jiff::Timestamp;

use super::answer::VersionAnswer;
use super::attribute_by_statements;
use super::field::field_statements;
use super::label::label_statements;
use super::resolve::{Reading, own_names, resolve_versions};
use super::statement::{MethodStatement, Statement, StatementSource};
use super::text::{TextAnswer, resolve_answers, text_statements};
use crate::model::{Attribution, Issue, Phase, Timeline};
use crate::policy::Policy;

/// The statements of an issue about versions: of labels first, then of fields, then of the description.
///
/// Reading the texts is most of the work of an evaluation, and needs no release. A simulation reads each version of an issue
/// once, and resolves it for each release.
#[derive(Debug, Clone)]
pub struct IssueStatements {
    phase: Phase,
    /// Product whose name counts as the issue's own.
    product: Option<String>,
    /// Time when the issue was opened.
    moment: Timestamp,
    sources: Vec<SourceAnswer>,
    answers: Vec<TextAnswer>,
}

/// A statement with the versions that it names.
#[derive(Debug, Clone)]
pub(super) struct SourceAnswer {
    pub source: StatementSource,
    pub answer: VersionAnswer,
    /// `true` if it tells where the defect was found, whatever its words claim.
    pub attributes: bool,
}

impl IssueStatements {
    /// Reads the statements of an issue. The phase selects the label patterns of the policy that are read; `product` is that of
    /// the candidate.
    pub fn read(issue: &Issue, phase: Phase, policy: &Policy, product: Option<&str>) -> Self {
        let own = own_names(issue, product);
        let mut sources = label_statements(issue, phase, policy, &own);
        sources.extend(field_statements(issue, &own));
        let (of_text, answers) = text_statements(issue, policy, &own);
        sources.extend(of_text);
        sources.shrink_to_fit();
        Self { phase, product: product.map(str::to_owned), moment: issue.created_at, sources, answers }
    }

    /// Returns `true` if the statements are those of this phase, read for this product.
    pub fn is_for(&self, phase: Phase, product: Option<&str>) -> bool {
        self.phase == phase && self.product.as_deref() == product
    }

    /// Returns the release that the issue was found in, and the statements about releases.
    pub fn attribute(
        &self,
        issue: &Issue,
        policy: &Policy,
        timeline: &Timeline,
    ) -> (Attribution, Vec<Statement>) {
        let all = self.method_statements(timeline);
        let found = attribute_by_statements(&all, issue, self.phase, policy, timeline);
        (found, all.into_iter().map(|one| one.statement).collect())
    }

    /// Returns the statements about releases.
    pub fn resolve(&self, timeline: &Timeline) -> Vec<Statement> {
        self.method_statements(timeline).into_iter().map(|one| one.statement).collect()
    }

    fn method_statements(&self, timeline: &Timeline) -> Vec<MethodStatement> {
        let reading = Reading { timeline, moment: self.moment };
        let mut found = Vec::new();
        for SourceAnswer { source, answer, attributes } in &self.sources {
            let stated = source.stated(answer, resolve_versions(answer, &reading, source.says.lines()));
            found.extend(
                stated
                    .into_iter()
                    .map(|one| MethodStatement { attributes: one.attributes || *attributes, ..one }),
            );
        }
        found.extend(resolve_answers(&self.answers, &reading));
        found
    }
}

//! Names of components, teams and their like: what the `*` of a label stands for, neither a label nor a pattern.

use crate::model::DefectAttribute;
use crate::policy::Defects;
use crate::policy::code::Code;
use crate::policy::language::{Draft, Problems, Spanned, quote};
use crate::policy::matcher::LabelPattern;

/// Returns `false` for a pattern, and for a whole label instead of the name in it: neither would select any defect.
pub(super) fn is_one(
    attribute: DefectAttribute,
    value: &Spanned<String>,
    defects: Option<&Defects>,
    problems: &mut Problems,
) -> bool {
    let Some(defects) = defects else { return true };
    if defects.known_by_path(attribute, &value.value) {
        return true;
    }
    // No defect has such a name, so the rule would never fail. The author most likely wants
    // blockers.
    if let Some(variable) = ["{candidate}", "{line}"].into_iter().find(|one| value.value.contains(one)) {
        let message = format!("`where` compares whole names, and nothing fills in `{variable}` there");
        let draft = Draft::new(Code::MisplacedVariable, &value.span, message).label("no defect is selected");
        problems.push(draft.help(format!(
            "to block a release by a label that names it, write `defects: {{ blocking: {{ labels: [\"target/{variable}\"] }} }}` \
             and a rule with `metric: blockers`"
        )));
        return false;
    }
    let (message, help) = if value.value.contains('*') {
        let message = format!("{} is a pattern, and `where` compares whole names", quote(&value.value));
        (message, "write the names one by one: `[cart, checkout]`".to_owned())
    } else if let Some((pattern, name)) =
        defects.naming(attribute).and_then(|one| named(one.labels.as_ref()?, &value.value))
    {
        let message = format!(
            "{} is a whole label: by {} the name in it is {}",
            quote(&value.value),
            quote(pattern),
            quote(name)
        );
        (message, format!("write {}", quote(name)))
    } else {
        return true;
    };
    let draft = Draft::new(Code::ImpossibleFilter, &value.span, message);
    problems.push(draft.label("no defect is selected").help(help));
    false
}

/// Returns the pattern and the name that it finds in a text, if the text is more than the name.
fn named<'t>(pattern: &'t LabelPattern, text: &'t str) -> Option<(&'t str, &'t str)> {
    let name = pattern.matches(text)?.star?;
    (!name.is_empty() && name != text).then_some((pattern.source(), name))
}

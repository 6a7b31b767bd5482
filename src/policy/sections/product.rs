//! `product`: the product that the policy is about.

use policy_lang::LanguageProblem;

use crate::model::{DefectAttribute, product_of, same_name};
use crate::policy::checks::{all_or_none, empty_list, pattern};
use crate::policy::code::Code;
use crate::policy::keys::{FILLED_TEXT, Key, Merge, PATTERN, ValueType};
use crate::policy::language::{
    Draft, Field, Fields, Node, NodeKind, Problems, Spanned, quote, read_text, read_text_or_texts,
};
use crate::policy::product::{Product, product_name, sample_product};
use crate::policy::{Defects, LabelPattern, Releases};

/// `product` of a policy.
pub(in crate::policy) const PRODUCT_KEY: Key = Key::new(
    "product",
    ValueType::AnyOf(&[FILLED_TEXT, ValueType::Map(PRODUCT)]),
    Merge::Stands(None),
    "The product that the policy is about, if the repository releases several: a name that the tags give, such as `api` for \
     `api@1.4.0`. Releases and versions of other products are never read as those of this one.",
);

/// `product`, as a mapping.
const PRODUCT: &[Key] = &[
    Key::new(
        "name",
        FILLED_TEXT,
        Merge::Own,
        "Name of the product. By default, the name in `tags`, else the first `component`.",
    ),
    Key::new(
        "tags",
        PATTERN,
        Merge::Own,
        "Tags of its releases, if the product has a pattern of its own: `api-v{version}`.",
    ),
    Key::new(
        "component",
        ValueType::OneOrMore(&FILLED_TEXT),
        Merge::Own,
        "Components of the product, by label or field. A defect with other components only is excluded; one without a \
         component is counted.",
    ),
];

/// Reads `product`, a name or a mapping of `name`, `tags` and `component`.
pub(super) fn read_product(
    policy: &Fields<'_>,
    defects: Option<&Defects>,
    releases: Option<&Releases>,
    problems: &mut Problems,
) -> Option<Option<Product>> {
    let field = policy.get("product", problems, |node, name, problems| {
        if matches!(node.kind, NodeKind::Map(_)) {
            return read_product_map(node, name, problems);
        }
        let value = read_text(node, name, problems)?;
        let name = filled(&Spanned { value, span: node.span.clone() }, problems)?;
        Some(Product { name, tags: None, components: Vec::new() })
    });
    check_component(&field, defects, problems);
    lint_product(&field, releases, problems);
    field.optional()
}

fn read_product_map(node: &Node, name: &str, problems: &mut Problems) -> Option<Product> {
    let fields = Fields::open(node, name, PRODUCT, problems)?;
    let stated = fields.get("name", problems, read_text).check_optional(|at| filled(at, problems));
    let tags = fields.get("tags", problems, read_text).check_optional(|at| own_tags(at, problems));
    let components = fields.get("component", problems, read_text_or_texts);
    let components = components.check_or(Vec::new(), |at| {
        if at.value.is_empty() {
            problems.push(empty_list(at, "`component`"));
            return None;
        }
        all_or_none(&at.value, |one| filled(one, problems))
    });
    let (stated, tags, components) = (stated?, tags?, components?);
    let missing = |message: &str, help: &str, problems: &mut Problems| {
        problems
            .push(Draft::structural(LanguageProblem::MissingKey, &node.span, message.to_owned()).help(help));
    };
    if stated.is_none() && tags.is_none() {
        let help = "write `product: api`, or `product: { tags: \"api-v{version}\", component: api }`";
        missing("`product` needs `name` or `tags`, which say which releases are its own", help, problems);
        return None;
    }
    let source = tags.as_ref().map(LabelPattern::source);
    let Some(name) = product_name(stated.as_deref(), source, components.first().map(String::as_str)) else {
        let message = "`product` needs `name`: the pattern in `tags` names no product";
        missing(message, "write `product: { name: api, tags: … }`", problems);
        return None;
    };
    Some(Product { name, tags, components })
}

/// Returns a text that is not blank.
fn filled(at: &Spanned<String>, problems: &mut Problems) -> Option<String> {
    let text = at.value.trim();
    if text.is_empty() {
        problems.push(
            Draft::new(Code::EmptyText, &at.span, "an empty name").help("write a name, or leave the key out"),
        );
    }
    (!text.is_empty()).then(|| text.to_owned())
}

/// Reads the tags of one product.
fn own_tags(at: &Spanned<String>, problems: &mut Problems) -> Option<LabelPattern> {
    let tags = pattern(at, "a tag pattern", problems)?;
    if tags.has_product() {
        let message = "the tags of one product cannot hold `{product}`, which stands for any product";
        let help = "write the name: `api-v{version}`; or put the pattern into `releases.tags`, and write `product: api`";
        problems.push(Draft::new(Code::BadPattern, &at.span, message).help(help));
        return None;
    }
    Some(tags)
}

/// Reports a component that no defect can have: every defect without a component counts, so the key would have no effect.
fn check_component(field: &Field<Product>, defects: Option<&Defects>, problems: &mut Problems) {
    let (Some(at), Some(defects)) = (field.good(), defects) else { return };
    if at.value.components.is_empty() || defects.can_name(DefectAttribute::Component) {
        return;
    }
    let message = "no defect has a component: the policy does not say which labels or which field name one";
    let draft = Draft::new(Code::ImpossibleFilter, &at.span, message);
    problems.push(draft.help("add `component` to `defects`, for example `component: \"area/*\"`"));
}

/// Warns about a product that `releases.tags` cannot yield.
fn lint_product(field: &Field<Product>, releases: Option<&Releases>, problems: &mut Problems) {
    let Some(at) = field.good() else { return };
    let (name, Some(tags)) = (&at.value.name, releases.and_then(|releases| releases.tags.as_ref())) else {
        return;
    };
    if at.value.tags.is_some() || can_yield(tags, name) {
        return;
    }
    let message =
        format!("no tag of `releases.tags` ({}) names the product {}", quote(tags.source()), quote(name));
    let help = match sample_product(tags.source()).filter(|_| !tags.has_product()) {
        Some(other) => format!(
            "its tags name {}: correct one of them, or put `{{product}}` into the pattern",
            quote(&other)
        ),
        None => {
            "write a pattern such as `{product}@{version}`, or give the product its own `tags`".to_owned()
        }
    };
    problems.push(Draft::new(Code::ProductWithoutTags, &at.span, message).help(help));
}

/// Returns `true` if a tag of the pattern may name the product.
fn can_yield(tags: &LabelPattern, name: &str) -> bool {
    let source = tags.source();
    let tag = source.replace("{product}", name).replace("{version}", "1.0.0");
    if tags.has_product() {
        let tag = tag.replace('*', "x");
        return tags
            .matches(&tag)
            .and_then(|found| found.product)
            .is_some_and(|found| same_name(found, name));
    }
    // A `*` in front may stand for any product.
    let first = source.find(['*', '{']);
    first.is_some_and(|at| source[at..].starts_with('*') && at == 0)
        || product_of(&tag.replace('*', "1.0.0")).is_some_and(|found| same_name(&found, name))
}

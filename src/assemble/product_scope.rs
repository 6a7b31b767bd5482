//! Limits defects and releases to the product of the policy, in a repository that releases several.

use std::collections::BTreeSet;

use crate::attribution::statement::{Speaker, Statement, only_other_products};
use crate::classify::{Classification, names_on_issue};
use crate::model::{
    Area, AttributionMethod, Defect, DefectAttribute, Excluded, ExclusionReason, Gap, Issue, IssueNumber,
    NAMED, Phase, Release, Tag, Warning, join_limited, product_of, same_name,
};
use crate::policy::{Policy, Product};

use super::counted_releases::product_of_release;

/// Excludes an issue that belongs to another product: it has only components of others, or its labels and fields name only releases
/// of others. What a reporter wrote excludes nothing.
pub fn limit_to_product(classified: Classification, said: &[Statement], policy: &Policy) -> Classification {
    let Some(product) = &policy.product else { return classified };
    let defect = match &classified {
        Classification::Defect(defect) => defect,
        Classification::Excluded(excluded) => &excluded.defect,
    };
    let because = match own_component(product, &defect.components, defect.inferred.components) {
        Some(true) => None,
        Some(false) => Some(foreign_components(product, &defect.components)),
        None => only_other_products(said, Speaker::Maintainer)
            .map(|one| format!("{}, which names another product", one.place)),
    };
    let Some(because) = because else { return classified };
    let mut defect = match classified {
        Classification::Defect(defect) => defect,
        Classification::Excluded(excluded) => excluded.defect,
    };
    let reason = ExclusionReason::OtherProduct;
    defect.excluded_as = vec![reason.class().to_owned()];
    Classification::Excluded(Excluded { defect, reason, because })
}

/// Returns the reason why a blocker is of another product; `None` if it is not.
pub fn other_product_of_blocker(issue: &Issue, policy: &Policy) -> Option<String> {
    let product = policy.product.as_ref()?;
    let components = names_on_issue(issue, &policy.defects, DefectAttribute::Component);
    let is_foreign = own_component(product, &components, false) == Some(false);
    is_foreign.then(|| foreign_components(product, &components))
}

/// Returns `true` if one of the components is the product's; `None` if no label or field names a component, or if components say
/// nothing about the product.
fn own_component(product: &Product, components: &[String], is_inferred: bool) -> Option<bool> {
    if product.components.is_empty() || components.is_empty() {
        return None;
    }
    let is_own = components.iter().any(|one| product.components.iter().any(|own| same_name(own, one)));
    // A path that a fix changes shows that the product is affected. It does not show that it is not.
    (is_own || !is_inferred).then_some(is_own)
}

fn foreign_components(product: &Product, components: &[String]) -> String {
    let quoted = |names: &[String]| {
        join_limited(names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>(), NAMED)
    };
    let own = quoted(&product.components);
    format!("component {}, which is not one of `{}` ({own})", quoted(components), product.name)
}

/// Excludes the duplicates of another product's issues for the same reason: they are no exclusions of this product either.
pub fn follow_originals(excluded: &mut [Excluded]) {
    let is_foreign = |one: &&Excluded| one.reason == ExclusionReason::OtherProduct;
    let foreign: BTreeSet<IssueNumber> =
        excluded.iter().filter(is_foreign).map(|one| one.defect.number()).collect();
    for one in excluded {
        if let ExclusionReason::Duplicate(original) = one.reason
            && foreign.contains(&original)
        {
            one.reason = ExclusionReason::OtherProduct;
            one.defect.excluded_as = vec![one.reason.class().to_owned()];
        }
    }
}

/// Returns the gap of a product that no tag names, and that of a candidate of another product.
pub fn product_gaps(releases: &[Release], policy: &Policy, candidate: Option<&Tag>) -> Vec<Gap> {
    let Some(product) = &policy.product else { return Vec::new() };
    let name = &product.name;
    let gap =
        |what: String, remedy: String| Gap { area: Area::Issues, place: None, what, remedy: Some(remedy) };
    if let Some(tag) = candidate {
        let known =
            releases.iter().find(|release| release.tag == *tag).and_then(|release| release.product.clone());
        let of = known.or_else(|| product_of_tag(policy, tag));
        if policy.is_own_product(&tag.0, of.as_deref()) {
            return Vec::new();
        }
        let of = of.map_or_else(
            || "names no product".to_owned(),
            |of| format!("is a release of the product `{of}`"),
        );
        let what = format!("{tag} {of}, and the policy is about the product `{name}`");
        let remedy =
            format!("Run this gate only for releases of `{name}`, or correct `product` in the policy.");
        return vec![gap(what, remedy)];
    }
    let of_all: Vec<(&Tag, Option<String>)> = releases
        .iter()
        .filter(|release| policy.counts_tag(&release.tag.0))
        .map(|release| (&release.tag, product_of_release(release, policy)))
        .collect();
    if of_all.is_empty() || of_all.iter().any(|(tag, of)| policy.is_own_product(&tag.0, of.as_deref())) {
        return Vec::new();
    }
    let mut others: Vec<String> =
        of_all.into_iter().filter_map(|(_, of)| of).map(|of| format!("`{of}`")).collect();
    others.sort_unstable();
    others.dedup();
    let seen = match others.as_slice() {
        [] => "the tags name no product".to_owned(),
        [_] => format!("the tags name {}", others.join(", ")),
        _ => format!("the tags name {}", join_limited(others, NAMED)),
    };
    let what = format!("no tag names the product `{name}`: {seen}");
    let remedy = format!("Correct `product` in the policy, or publish the first release of `{name}`.");
    vec![gap(what, remedy)]
}

fn product_of_tag(policy: &Policy, tag: &Tag) -> Option<String> {
    policy.product_in(&tag.0).or_else(|| product_of(&tag.0))
}

/// Warns about escaped defects that are counted although nothing says that they are the product's.
pub fn defects_without_product(defects: &[Defect], policy: &Policy) -> Option<Warning> {
    let product = policy.product.as_ref().filter(|product| !product.components.is_empty())?;
    let names_release = |defect: &Defect| {
        defect.found_in.release.is_some() && defect.found_in.method != AttributionMethod::Window
    };
    let is_open = |defect: &&Defect| {
        defect.phase == Phase::Escaped
            && own_component(product, &defect.components, defect.inferred.components).is_none()
            && !names_release(defect)
    };
    let numbers: Vec<String> =
        defects.iter().filter(is_open).map(|defect| defect.number().to_string()).collect();
    let label = policy.defects.component.labels.as_ref().zip(product.components.first());
    let label = label.map_or_else(String::new, |(pattern, own)| {
        format!("; set its component, such as the label `{}`", pattern.source().replace('*', own))
    });
    let name = &product.name;
    let verbs = if numbers.len() == 1 { "names no product and counts" } else { "name no product and count" };
    (!numbers.is_empty())
        .then(|| Warning(format!("{} {verbs} for `{name}`{label}", join_limited(numbers, NAMED))))
}

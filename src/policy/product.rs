//! One product of a repository that releases several.

use super::matcher::LabelPattern;
use super::{Policy, language};
use crate::model::{product_of, same_name};

/// The product that a policy is about.
#[derive(Debug, Clone)]
pub struct Product {
    /// Name, for example `api`.
    pub name: String,
    /// Tags of its releases; `None` if `releases.tags` or the text before the version names the product of each tag.
    pub tags: Option<LabelPattern>,
    /// Components that belong to it. Empty if components say nothing about the product.
    pub components: Vec<String>,
}

impl Policy {
    /// Returns `true` if a tag counts as a release of this repository.
    pub fn counts_tag(&self, tag: &str) -> bool {
        let is_of_product = self.product_tags().is_some_and(|tags| tags.matches(tag).is_some());
        is_of_product || self.releases.tags.as_ref().is_none_or(|tags| tags.matches(tag).is_some())
    }

    /// Returns the tag patterns of the policy: `releases.tags` and `product.tags`.
    pub fn tag_patterns(&self) -> impl Iterator<Item = &LabelPattern> {
        self.releases.tags.iter().chain(self.product_tags())
    }

    /// Returns the product that the tag patterns of the policy find in a tag; `None` if they find none.
    pub fn product_in(&self, tag: &str) -> Option<String> {
        let own = self
            .product
            .as_ref()
            .filter(|_| self.product_tags().is_some_and(|tags| tags.matches(tag).is_some()));
        match own {
            Some(own) => Some(own.name.clone()),
            None => self.releases.tags.as_ref()?.matches(tag)?.product.map(str::to_owned),
        }
    }

    /// Returns `true` if a tag with this product is a release of the policy's product. `product` is the name that the tag gives.
    pub fn is_own_product(&self, tag: &str, product: Option<&str>) -> bool {
        let Some(own) = &self.product else { return true };
        match &own.tags {
            Some(tags) => tags.matches(tag).is_some(),
            None => product.is_some_and(|name| same_name(name, &own.name)),
        }
    }

    fn product_tags(&self) -> Option<&LabelPattern> {
        self.product.as_ref()?.tags.as_ref()
    }
}

/// Returns the name of a product: the stated one, else the one in its tag pattern, else its first component.
pub(super) fn product_name(
    name: Option<&str>,
    tags: Option<&str>,
    component: Option<&str>,
) -> Option<String> {
    let in_tags = || tags.and_then(sample_product);
    name.map(str::to_owned).or_else(in_tags).or_else(|| component.map(str::to_owned))
}

/// Returns the product in the tags of a pattern that does not hold `{product}`: `api` for `api-v{version}`.
pub(super) fn sample_product(pattern: &str) -> Option<String> {
    product_of(&pattern.replace("{version}", "1.0.0").replace('*', "1.0.0"))
}

/// Returns the product that the text of a policy names, also if the policy has mistakes: the id of a gate must not change with
/// them. `None` if there is none.
pub fn product_in_policy_text(source: &[u8]) -> Option<String> {
    let mut problems = language::Problems::default();
    let document = language::parse_document(language::decode_utf8(source, &mut problems)?, 0, &mut problems)?;
    let product = document.root.get("product")?;
    let text = |key: &str| product.get(key).and_then(|node| node.scalar());
    match product.scalar() {
        Some(name) => Some(name.to_owned()),
        None => product_name(text("name"), text("tags"), text("component")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_is_read_from_refused_policy() {
        let of = |text: &str| product_in_policy_text(text.as_bytes());
        assert_eq!(of("product: api\nrules: [\nx"), None, "no YAML");
        assert_eq!(of("version: 7\nproduct: api").as_deref(), Some("api"));
        assert_eq!(of("product: { tags: \"api-v{version}\" }").as_deref(), Some("api"));
        assert_eq!(of("product: { tags: \"v*\", component: core }").as_deref(), Some("core"));
        assert_eq!(of("product: { tags: \"v*\", name: Core, component: core }").as_deref(), Some("Core"));
        assert_eq!(of("product: [api]"), None);
        assert_eq!(of("version: 1"), None);
    }
}

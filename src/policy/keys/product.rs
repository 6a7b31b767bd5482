//! The key that names one product of several.

use super::types::{FILLED_TEXT, PATTERN};
use super::{Key, Merge, ValueType};

/// `product` of a policy.
pub(super) const PRODUCT_KEY: Key = Key::new(
    "product",
    ValueType::AnyOf(&[FILLED_TEXT, ValueType::Map(PRODUCT)]),
    Merge::Stands(None),
    "The product that the policy is about, if the repository releases several: a name that the tags give, such as `api` for \
     `api@1.4.0`. Releases and versions of other products are never read as those of this one.",
);

/// `product`, as a mapping.
pub const PRODUCT: &[Key] = &[
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

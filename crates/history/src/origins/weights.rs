//! The weights of the blame score, as `tools/fit-attribution.mjs` prints them.

/// The score of a candidate without features.
pub const INTERCEPT: f64 = -2.629;

/// A weight for each feature, in the order of [`NAMES`](super::score::NAMES).
pub const WEIGHTS: [f64; FEATURES] = [
    0.948,  // removed-share
    1.107,  // removed-weight-share
    -0.300, // any-removed
    1.527,  // neighbour-share
    -0.640, // any-neighbour
    0.969,  // recency-rank
    -0.239, // age
    -0.757, // cosmetic
    0.794,  // shared-files
    -1.174, // tests-only
    0.401,  // alone
    1.769,  // same-words
    0.975,  // any-kind-share
    0.506,  // removed-log
    1.236,  // adds-only
];

/// Number of features.
pub const FEATURES: usize = 15;

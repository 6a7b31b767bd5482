//! The order of releases.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use super::VersionedRelease;

/// Published before not published, then by time, version and tag.
pub fn by_publication(one: &VersionedRelease, other: &VersionedRelease) -> Ordering {
    let key = |entry: &VersionedRelease| (!entry.is_published(), entry.release.published_at);
    key(one)
        .cmp(&key(other))
        .then_with(|| compare_versions(one, other))
        .then_with(|| one.release.tag.cmp(&other.release.tag))
}

/// By version within a product, else by publication.
pub fn by_version(one: &VersionedRelease, other: &VersionedRelease) -> Ordering {
    let comparable = one.product == other.product && one.version.is_some() && other.version.is_some();
    let version = if comparable { compare_versions(one, other) } else { Ordering::Equal };
    version.then_with(|| by_publication(one, other))
}

/// By version; what has none comes first.
fn compare_versions(one: &VersionedRelease, other: &VersionedRelease) -> Ordering {
    match (&one.version, &other.version) {
        (Some(one), Some(other)) => one.compare(other),
        (one, other) => one.is_some().cmp(&other.is_some()),
    }
}

/// The stable releases that can be compared with the candidate, by publication, and whether versions put them in order.
///
/// `candidate` is the candidate's product if it has a version. These are the releases of that product and those
/// without a version. If the product has none or is unknown, they are the releases of the only product. If there are
/// several products, they are all releases in order of time.
pub fn comparable_releases(
    entries: &[VersionedRelease],
    candidate: Option<Option<&str>>,
) -> ComparableReleases {
    let stable: Vec<usize> = (0..entries.len()).filter(|at| entries[*at].is_stable()).collect();
    let versioned = || stable.iter().map(|at| &entries[*at]).filter(|entry| entry.version.is_some());
    let products: BTreeSet<Option<&str>> = versioned().map(|entry| entry.product.as_deref()).collect();
    let only = products.first().copied().filter(|_| products.len() == 1);
    let product = match candidate {
        Some(own) if products.contains(&own) => Some(own),
        // The first release of a product, next to releases whose tags name none: most likely the tags got a prefix.
        Some(Some(_)) if products.contains(&None) => Some(None),
        // The first release of a product. Those of another product are not its predecessors.
        Some(Some(own)) => Some(Some(own)),
        Some(None) | None => only,
    };
    let belongs = |at: &usize| {
        let entry = &entries[*at];
        entry.version.is_none() || product.is_none_or(|product| entry.product.as_deref() == product)
    };
    let places = stable.iter().copied().filter(belongs).collect();
    ComparableReleases { product: product.map(|product| product.map(str::to_owned)), places }
}

/// Releases that can be compared.
pub struct ComparableReleases {
    /// Places among the entries, by publication.
    places: Vec<usize>,
    /// Product of the releases, with an inner `None` for tags without a product. `None` if there are several products.
    pub product: Option<Option<String>>,
}

/// The releases of a group in order, the lowest first. One without a version follows the highest release that was published
/// before it.
pub fn order_releases(entries: &[VersionedRelease], group: &ComparableReleases) -> Vec<usize> {
    if group.product.is_none() {
        return group.places.clone();
    }
    let (mut ordered, nameless): (Vec<usize>, Vec<usize>) =
        group.places.iter().partition(|at| entries[**at].version.is_some());
    ordered.sort_by(|one, other| by_version(&entries[*one], &entries[*other]));
    for at in nameless {
        // Places are by publication.
        let behind = ordered.iter().rposition(|other| *other < at).map_or(0, |position| position + 1);
        ordered.insert(behind, at);
    }
    ordered
}

/// For each release of a group, by publication: its place, and the place of the highest that was published by then.
pub fn highest_by_time(group: &ComparableReleases, ordered: &[usize]) -> Vec<(usize, usize)> {
    let rank: HashMap<usize, usize> = ordered.iter().enumerate().map(|(rank, at)| (*at, rank)).collect();
    let mut highest: Option<usize> = None;
    let with_highest = |at: &usize| {
        let so_far = highest.filter(|other| rank.get(other) > rank.get(at)).unwrap_or(*at);
        highest = Some(so_far);
        (*at, so_far)
    };
    group.places.iter().map(with_highest).collect()
}

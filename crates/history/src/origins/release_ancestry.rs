//! Containment of commits and order of releases, for the search for an origin.

use super::history::{Commit, UnreadHistory};
use super::release_index::TaggedRelease;
use crate::{Sha, Tag};

/// Questions of the search for an origin about commits and releases.
pub trait ReleaseAncestry {
    /// True if what was made from the second commit contains the first one, or a copy of it.
    ///
    /// # Errors
    /// If it cannot be read; likewise below.
    fn is_in(&self, commit: &Sha, other: &Sha) -> Result<bool, UnreadHistory>;

    /// True if a branch or a tag leads to a commit.
    ///
    /// # Errors
    /// As above.
    fn is_led_to(&self, commit: &Commit) -> Result<bool, UnreadHistory>;

    /// All releases, the first one first.
    fn releases(&self) -> Box<dyn Iterator<Item = &TaggedRelease> + '_>;

    /// When a release came out, in seconds since 1970.
    fn out_at(&self, tag: &Tag) -> Option<i64>;

    /// The first release that contains a commit or a copy of it, and when it came out; none for a commit that is in no
    /// release yet.
    ///
    /// # Errors
    /// As above.
    fn first(&self, commit: &Commit) -> Result<Option<(Tag, i64)>, UnreadHistory>;

    /// The releases that contain a commit or a copy of it, and none of those that fixed it, the first one first.
    ///
    /// # Errors
    /// As above.
    fn affected(&self, introduced: &Commit, fixed: &[Sha]) -> Result<Vec<Tag>, UnreadHistory>;
}

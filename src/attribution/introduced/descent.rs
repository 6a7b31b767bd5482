//! Who descends from whom, and which release came first: what a whole graph knows at once, and a server one question at a
//! time.

use super::history::{Commit, Unread};
use super::releases::Cut;
use crate::model::{Sha, Tag};

/// What the search for an origin asks about descent and releases.
pub trait Descent {
    /// True if the first commit is the second one, or one that it descends from.
    ///
    /// # Errors
    /// If it cannot be read; likewise below.
    fn is_ancestor(&self, ancestor: &Sha, of: &Sha) -> Result<bool, Unread>;

    /// True if a branch or a tag leads to a commit.
    ///
    /// # Errors
    /// As above.
    fn is_led_to(&self, commit: &Commit) -> Result<bool, Unread>;

    /// All releases, the first one first.
    fn releases(&self) -> Box<dyn Iterator<Item = &Cut> + '_>;

    /// When a release came out, in seconds since 1970.
    fn out_at(&self, tag: &Tag) -> Option<i64>;

    /// The first release that contains a commit, and when it came out; none for a commit that is in no release yet.
    ///
    /// # Errors
    /// As above.
    fn first(&self, commit: &Commit) -> Result<Option<(Tag, i64)>, Unread>;

    /// The releases that contain a commit and none of those that fixed it, the first one first.
    ///
    /// # Errors
    /// As above.
    fn affected(&self, introduced: &Commit, fixed: &[Sha]) -> Result<Vec<Tag>, Unread>;
}

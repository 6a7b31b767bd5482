//! An index as bytes, so that the next run reads news only.
//!
//! A number of a format, and then each list with its length; numbers are little-endian. Bytes of another format, or with a
//! place that does not exist, are no index.

use super::{CommitIndex, Id, Index, NOT_READ};
use crate::message_marks::IdPrefix;

/// The format. A change of what is read from a message needs another one.
// `escape` in ASCII, and the number of the format.
const FORMAT: u64 = 0x6573_6361_7065_0003;

impl CommitIndex {
    /// The index as bytes. A commit that is only named as a parent is not read when it is loaded either.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.ids.len() * 100);
        let mut put = |number: u64| out.extend_from_slice(&number.to_le_bytes());
        put(FORMAT);
        put(self.id_length as u64);
        put(self.ids.len() as u64);
        put(self.parents.len() as u64);
        put(self.numbers.len() as u64);
        put(self.named.len() as u64);
        put(self.quoted.len() as u64);
        for (at, id) in self.ids.iter().enumerate() {
            out.extend_from_slice(&id[..self.id_length]);
            let (start, count) = self.spans[at];
            out.extend_from_slice(&start.to_le_bytes());
            out.extend_from_slice(&count.to_le_bytes());
            out.extend_from_slice(&self.committed[at].to_le_bytes());
            out.extend_from_slice(&self.identities[at].to_le_bytes());
            out.extend_from_slice(&self.subjects[at].to_le_bytes());
        }
        self.parents.iter().for_each(|parent| out.extend_from_slice(&parent.to_le_bytes()));
        for (number, commit) in &self.numbers {
            out.extend_from_slice(&number.to_le_bytes());
            out.extend_from_slice(&commit.to_le_bytes());
        }
        for (prefix, commit) in &self.named {
            let (digits, length) = prefix.parts();
            out.extend_from_slice(&digits.to_le_bytes());
            out.push(length);
            out.extend_from_slice(&commit.to_le_bytes());
        }
        for (subject, commit) in &self.quoted {
            out.extend_from_slice(&subject.to_le_bytes());
            out.extend_from_slice(&commit.to_le_bytes());
        }
        out
    }

    /// The index that the bytes are; `None` if they are none of this format.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut from = Bytes(bytes);
        if from.long()? != FORMAT {
            return None;
        }
        let mut index = Self { id_length: from.length()?, ..Self::default() };
        // 0 in an empty repository, else the length of SHA-1 or SHA-256.
        if !matches!(index.id_length, 0 | 20 | 32) {
            return None;
        }
        let (commits, parents) = (from.length()?, from.length()?);
        let (numbers, named, quoted) = (from.length()?, from.length()?, from.length()?);
        for place in 0..commits {
            let mut id: Id = [0; 32];
            id.get_mut(..index.id_length)?.copy_from_slice(from.take(index.id_length)?);
            index.by_id.insert(id, Index::try_from(place).ok()?);
            index.ids.push(id);
            let (start, count) = (from.short()?, from.short()?);
            if start.checked_add(count)? as usize > parents {
                return None;
            }
            index.spans.push((start, count));
            index.committed.push(i64::from_le_bytes(*from.take(8)?.first_chunk()?));
            index.identities.push(from.long()?);
            index.subjects.push(from.long()?);
        }
        let place = |from: &mut Bytes<'_>| from.short().filter(|place| (*place as usize) < commits);
        for _ in 0..parents {
            index.parents.push(place(&mut from)?);
        }
        for _ in 0..numbers {
            index.numbers.push((from.short()?, place(&mut from)?));
        }
        for _ in 0..named {
            let (digits, length) = (from.long()?, *from.take(1)?.first()?);
            index.named.push((IdPrefix::from_parts(digits, length), place(&mut from)?));
        }
        for _ in 0..quoted {
            index.quoted.push((from.long()?, place(&mut from)?));
        }
        // An id twice would give one commit two places.
        (from.0.is_empty() && index.by_id.len() == commits).then_some(index)
    }

    /// Ids of the commits that are no parents: what they do not have is news.
    pub fn heads(&self) -> Vec<String> {
        let mut is_parent = vec![false; self.ids.len()];
        self.parents.iter().for_each(|parent| is_parent[*parent as usize] = true);
        self.commits().filter(|commit| !is_parent[*commit as usize]).map(|commit| self.id(commit)).collect()
    }

    /// Returns the ids that are not in this index, each once.
    pub fn unknown<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Vec<String> {
        let mut unknown: Vec<String> = ids.filter(|id| !self.contains(id)).map(str::to_owned).collect();
        unknown.sort();
        unknown.dedup();
        unknown
    }

    /// Forgets the commits that none of these ids leads to, as after a force-push; `true` if there were any.
    pub fn forget_unreachable<'i>(&mut self, tips: impl Iterator<Item = &'i str>) -> bool {
        let mut is_reached = vec![false; self.ids.len()];
        let mut queue: Vec<Index> = tips.filter_map(|id| self.find(id)).collect();
        queue.iter().for_each(|commit| is_reached[*commit as usize] = true);
        while let Some(commit) = queue.pop() {
            for parent in self.parents(commit) {
                if !std::mem::replace(&mut is_reached[*parent as usize], true) {
                    queue.push(*parent);
                }
            }
        }
        let mut has_forgotten = false;
        for (commit, _) in is_reached.iter().enumerate().filter(|(_, is_reached)| !**is_reached) {
            has_forgotten |= self.committed[commit] != NOT_READ;
            // The place stays, because others refer to it by its number.
            self.committed[commit] = NOT_READ;
        }
        let is_read = |commit: Index| is_reached[commit as usize];
        self.numbers.retain(|(_, commit)| is_read(*commit));
        self.named.retain(|(_, commit)| is_read(*commit));
        self.quoted.retain(|(_, commit)| is_read(*commit));
        has_forgotten
    }
}

/// Bytes that are read from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn short(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk()?))
    }

    fn long(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(*self.take(8)?.first_chunk()?))
    }

    /// A number of things, each of which takes bytes.
    fn length(&mut self) -> Option<usize> {
        // A damaged number must not ask for more entries than there are bytes.
        usize::try_from(self.long()?).ok().filter(|length| *length <= self.0.len())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use crate::commit_index::CommitIndex;
    use crate::git::LoggedCommit;

    fn id(digit: char) -> String {
        std::iter::repeat_n(digit, 40).collect()
    }

    fn index() -> CommitIndex {
        let mut index = CommitIndex::default();
        for (id_, parents, message) in [
            (id('c'), format!("{} {}", id('b'), id('a')), "Revert \"Keep (#2)\""),
            (id('b'), id('a'), "Keep (#2)\n\nFixes #1, see 1a2b3c4d"),
            (id('a'), String::new(), "Begin"),
        ] {
            let (parents, message) = (parents.as_str(), message.as_bytes());
            let author = b"Ann <ann@example.org>";
            index.add(&LoggedCommit { id: &id_, parents, committed: 5, authored: 4, author, message });
        }
        index
    }

    #[test]
    fn index_is_the_same_from_its_bytes() {
        let (index, empty) = (index(), CommitIndex::default());
        for index in [&index, &empty] {
            let again = CommitIndex::from_bytes(&index.to_bytes()).unwrap();
            assert_eq!(again.to_bytes(), index.to_bytes());
            assert_eq!(again.heads(), index.heads());
        }
        assert_eq!(index.heads(), [id('c')]);
    }

    #[test]
    fn damaged_bytes_are_no_index() {
        let bytes = index().to_bytes();
        for length in 0..bytes.len() {
            assert!(CommitIndex::from_bytes(&bytes[..length]).is_none());
        }
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x80;
            // Whatever comes of it, no place is beyond the end.
            if let Some(index) = CommitIndex::from_bytes(&bytes) {
                index.heads();
                index.commits().for_each(|commit| assert!(index.parents(commit).len() < 4));
            }
        }
    }

    #[test]
    fn commits_without_a_ref_are_forgotten() {
        let mut index = index();
        assert!(!index.forget_unreachable([id('c').as_str()].into_iter()));
        assert!(index.forget_unreachable([id('b').as_str(), "x"].into_iter()));
        assert!(index.contains(&id('b')) && index.contains(&id('a')) && !index.contains(&id('c')));
        assert!(index.quoted.is_empty() && index.numbers.len() == 2);
    }
}

//! All commits of a repository in a form that fits into memory: places in the graph, times, and digests of what messages
//! name. The messages themselves are not held.

mod stored;

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::git::LoggedCommit;
use super::message_marks::{
    IdPrefix, Mark, bare_numbers, for_quoted_subject, identity, marks, subject_digest, subject_line,
};

/// Bytes of an id: 20, or 32 where the repository uses SHA-256.
type Id = [u8; 32];

/// Number of a commit in an index.
pub(super) type Index = u32;

/// Time of a commit that was not read, and is only named as a parent.
const NOT_READ: i64 = i64::MIN;

/// All commits of a repository.
#[derive(Debug, Default)]
pub struct CommitIndex {
    ids: Vec<Id>,
    by_id: HashMap<Id, Index, BuildHasherDefault<IdHasher>>,
    /// Bytes of an id that are used.
    id_length: usize,
    /// By commit: where its parents begin in `parents`, and their number.
    spans: Vec<(u32, u32)>,
    parents: Vec<Index>,
    committed: Vec<i64>,
    identities: Vec<u64>,
    subjects: Vec<u64>,
    /// Issues and pull requests that a message names.
    pub(super) numbers: Vec<(u32, Index)>,
    /// Ids that a message names, by their key.
    pub(super) named: Vec<(IdPrefix, Index)>,
    /// Digests of subjects that a revert quotes.
    pub(super) quoted: Vec<(u64, Index)>,
}

impl CommitIndex {
    /// Adds a commit; each one is added once, in any order. A record whose id cannot be read is left out.
    pub fn add(&mut self, record: &LoggedCommit<'_>) {
        let Some(commit) = self.place(record.id) else { return };
        let at = commit as usize;
        let start = u32::try_from(self.parents.len()).unwrap_or(u32::MAX);
        for parent in record.parents.split(' ').filter(|parent| !parent.is_empty()) {
            if let Some(parent) = self.place(parent) {
                self.parents.push(parent);
            }
        }
        let subject = subject_line(record.message);
        self.spans[at] = (start, u32::try_from(self.parents.len()).unwrap_or(u32::MAX) - start);
        // A commit with a forged time must not look like one that was not read.
        self.committed[at] = record.committed.max(NOT_READ + 1);
        self.identities[at] = identity(subject, record.author, record.authored);
        self.subjects[at] = subject_digest(subject);
        let (first_number, first_named) = (self.numbers.len(), self.named.len());
        let mut add = |mark| match mark {
            Mark::Number(number) => {
                if !self.numbers[first_number..].contains(&(number, commit)) {
                    self.numbers.push((number, commit));
                }
            }
            Mark::Id(id) => {
                if !self.named[first_named..].contains(&(id, commit)) {
                    self.named.push((id, commit));
                }
            }
        };
        marks(record.message, &mut add);
        bare_numbers(record.message, &mut add);
        for_quoted_subject(subject, |quoted| self.quoted.push((subject_digest(quoted), commit)));
    }

    /// Every commit that was read: id, time when it was committed, ids of the parents.
    pub fn records(&self) -> impl Iterator<Item = (String, i64, Vec<String>)> + '_ {
        self.commits().map(|commit| {
            let parents = self.parents(commit).iter().map(|parent| self.id(*parent)).collect();
            (self.id(commit), self.committed(commit), parents)
        })
    }

    /// Number of commits.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// `true` for an empty repository.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// `true` if a commit was read.
    pub fn contains(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    /// The commit of a full id; `None` if it was not read.
    pub(super) fn find(&self, id: &str) -> Option<Index> {
        let commit = *self.by_id.get(&bytes(id)?)?;
        self.is_read(commit).then_some(commit)
    }

    /// Full id of the only commit that begins with these digits; `None` if there is none or more than one.
    pub fn abbreviated(&self, digits: &str) -> Option<String> {
        if self.contains(digits) {
            return Some(digits.to_owned());
        }
        let prefix = IdPrefix::of(digits.as_bytes());
        let mut fitting = self.commits().filter(|commit| prefix.begins(self.id_prefix(*commit)));
        let found = self.id(fitting.next()?);
        // A prefix compares 16 digits only, and the text may have more.
        (fitting.next().is_none() && found.starts_with(digits)).then_some(found)
    }

    /// `false` for a commit that is only named as a parent.
    pub(super) fn is_read(&self, commit: Index) -> bool {
        self.committed[commit as usize] != NOT_READ
    }

    /// Full id of a commit.
    pub(super) fn id(&self, commit: Index) -> String {
        let id = &self.ids[commit as usize];
        id[..self.id_length].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// First digits of a commit's id.
    pub(super) fn id_prefix(&self, commit: Index) -> IdPrefix {
        IdPrefix::of(self.id(commit).as_bytes())
    }

    /// Parents of a commit, the first parent first.
    pub(super) fn parents(&self, commit: Index) -> &[Index] {
        let (start, count) = self.spans[commit as usize];
        &self.parents[start as usize..(start + count) as usize]
    }

    /// Time when a commit was committed, in seconds since 1970.
    pub(super) fn committed(&self, commit: Index) -> i64 {
        self.committed[commit as usize]
    }

    /// Digest of subject, author and time of writing.
    pub(super) fn identity(&self, commit: Index) -> u64 {
        self.identities[commit as usize]
    }

    /// Digest of the subject.
    pub(super) fn subject(&self, commit: Index) -> u64 {
        self.subjects[commit as usize]
    }

    /// Every commit that was read.
    pub(super) fn commits(&self) -> impl Iterator<Item = Index> + '_ {
        (0..self.ids.len() as Index).filter(|commit| self.is_read(*commit))
    }

    /// The number of an id, new or known.
    fn place(&mut self, hex: &str) -> Option<Index> {
        let id = bytes(hex)?;
        if let Some(known) = self.by_id.get(&id) {
            return Some(*known);
        }
        let commit = Index::try_from(self.ids.len()).ok()?;
        self.id_length = hex.len() / 2;
        self.by_id.insert(id, commit);
        self.ids.push(id);
        self.spans.push((0, 0));
        self.committed.push(NOT_READ);
        self.identities.push(0);
        self.subjects.push(0);
        Some(commit)
    }
}

/// The bytes that a full id spells.
fn bytes(hex: &str) -> Option<Id> {
    let hex = hex.as_bytes();
    if !matches!(hex.len(), 40 | 64) {
        return None;
    }
    let mut id = [0; 32];
    for (byte, pair) in id.iter_mut().zip(hex.chunks_exact(2)) {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(id)
}

/// Takes the first bytes of an id for its hash: they are one already.
#[derive(Debug, Default)]
pub struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn write_usize(&mut self, _length: usize) {}
}

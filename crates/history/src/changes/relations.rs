//! Links between commits: copies and reverts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::graph::{CommitGraph, CommitPlace};
use super::super::message::{MessageReferences, Reference, without_trailing_numbers};
use super::events::HowCopied;
use super::{Closer, Pull};
use crate::IssueNumber;

/// Links between the commits of a history.
pub struct Relations {
    /// References in the message of each commit and of its pull request.
    pub words: Vec<MessageReferences>,
    /// For each commit its copies.
    copies: HashMap<CommitPlace, Vec<(CommitPlace, HowCopied)>>,
    /// For each commit those that take it back, or that apply it again by its subject.
    reverts: HashMap<CommitPlace, Vec<CommitPlace>>,
    /// For each commit those that take a part of it back.
    pub partial_reverts: HashMap<CommitPlace, Vec<CommitPlace>>,
    /// The commits that each pull request came in by.
    pub by_pull: BTreeMap<u64, Vec<CommitPlace>>,
    /// The commits that say that they close an issue.
    pub closers: BTreeMap<IssueNumber, Vec<Closer>>,
    /// The ids that a merge brought in and the history does not hold, with the merge: a copy may name one of them.
    brought: BTreeMap<String, CommitPlace>,
    /// For each merge the copies of what it brought in, by the id that they name.
    pub parts: HashMap<CommitPlace, BTreeMap<String, Vec<CommitPlace>>>,
}

impl Relations {
    /// Reads every message once, and finds what it refers to.
    pub fn new(graph: &CommitGraph<'_>, pulls: &BTreeMap<u64, Pull>, repository: &str) -> Self {
        let places = 0..graph.len();
        let mut words: Vec<MessageReferences> = places
            .clone()
            .map(|place| MessageReferences::of_commit(&graph.record(place).message, repository))
            .collect();
        let mut by_pull: BTreeMap<u64, Vec<CommitPlace>> = BTreeMap::new();
        for (number, pull) in pulls {
            let Some(place) = pull.commit.as_ref().and_then(|id| graph.place(id)) else { continue };
            by_pull.entry(*number).or_default().push(place);
            // GitHub's default message of a merge does not repeat the description of the pull request.
            let own = &mut words[place];
            own.merged_by = Some(*number);
            own.closes.extend(&pull.words.closes);
            own.copies.extend(pull.words.copies.iter().cloned());
            own.reverts.extend(pull.words.reverts.iter().cloned());
            own.reapplies |= pull.words.reapplies;
        }
        for place in places {
            let Some(number) = words[place].merged_by else { continue };
            // The commit of a known pull request is known. Another one with its number is a copy, and has to say so
            // itself. After a rewrite of the history, only the number leads to the commit.
            let known = pulls.get(&number).and_then(|pull| pull.commit.as_ref());
            if known.is_none_or(|commit| graph.place(commit).is_none()) {
                by_pull.entry(number).or_default().push(place);
            }
        }
        let mut brought = BTreeMap::new();
        for place in 0..graph.len() {
            let ids = graph.record(place).brought_in.iter().filter(|id| graph.place(id).is_none());
            brought.extend(ids.map(|id| (id.0.clone(), place)));
        }
        let mut relations = Self {
            closers: closers(graph, &words, pulls),
            words,
            copies: HashMap::new(),
            reverts: HashMap::new(),
            partial_reverts: HashMap::new(),
            by_pull,
            brought,
            parts: HashMap::new(),
        };
        relations.link(graph, pulls);
        relations.link_twins(graph);
        relations
    }

    /// Follows what each message refers to.
    fn link(&mut self, graph: &CommitGraph<'_>, pulls: &BTreeMap<u64, Pull>) {
        let mut by_subject: HashMap<String, Vec<CommitPlace>> = HashMap::new();
        let own = self.words.iter().map(|words| &words.subject).enumerate();
        // The title of a pull request that was rebased is the subject of none of its commits.
        let of_pull = |(number, places): (&u64, &Vec<CommitPlace>)| {
            Some((*places.first()?, &pulls.get(number)?.words.subject))
        };
        let titles = self.by_pull.iter().filter_map(of_pull);
        for (place, subject) in own.chain(titles) {
            let subject = without_trailing_numbers(subject);
            let known: &mut Vec<CommitPlace> = by_subject.entry(subject.to_owned()).or_default();
            if !subject.is_empty() && !known.contains(&place) {
                known.push(place);
            }
        }
        for place in 0..self.words.len() {
            for reference in self.words[place].copies.clone() {
                self.link_copy(graph, place, &reference);
            }
            let partly = self.words[place].reverts_partly.iter();
            let partly: Vec<CommitPlace> =
                partly.flat_map(|reference| self.resolve(graph, reference)).collect();
            for of in partly {
                self.partial_reverts.entry(of).or_default().push(place);
            }
            let reverted = self.reverted_by(graph, &by_subject, place);
            if let Some((_, reapplies)) = self.words[place].perhaps_reverts.take() {
                self.words[place].reapplies |= reapplies && !reverted.is_empty();
            }
            for of in reverted {
                self.reverts.entry(of).or_default().push(place);
            }
        }
    }

    fn link_copy(&mut self, graph: &CommitGraph<'_>, copy: CommitPlace, reference: &Reference) {
        for original in self.resolve(graph, reference) {
            // A copy cannot be older than its original. The number is then one of another repository.
            let is_older = graph.time(copy) < graph.record(original).authored_at;
            if original != copy && !is_older {
                self.copies.entry(original).or_default().push((copy, HowCopied::Said));
            }
        }
        if let Reference::Commit(digits) = reference {
            let named = self.brought.range(digits.clone()..).take_while(|(id, _)| id.starts_with(digits));
            let named: Vec<(String, CommitPlace)> = named.map(|(id, merge)| (id.clone(), *merge)).collect();
            // An abbreviated id that fits two commits names none.
            if let [(id, merge)] = named.as_slice() {
                self.parts.entry(*merge).or_default().entry(id.clone()).or_default().push(copy);
            }
        }
    }

    /// Returns the commits that a commit reverts: those that it names by id. If there are none, those of the named
    /// pull requests. If there are none, older commits with the quoted subject.
    fn reverted_by(
        &self,
        graph: &CommitGraph<'_>,
        by_subject: &HashMap<String, Vec<CommitPlace>>,
        place: CommitPlace,
    ) -> BTreeSet<CommitPlace> {
        let all = &self.words[place].reverts;
        let of_kind = |wanted: fn(&Reference) -> bool| -> BTreeSet<CommitPlace> {
            let named = all.iter().filter(|reference| wanted(reference));
            named.flat_map(|reference| self.resolve(graph, reference)).filter(|of| *of != place).collect()
        };
        let commits = of_kind(|reference| matches!(reference, Reference::Commit(_)));
        if !commits.is_empty() {
            return commits;
        }
        let pulls = of_kind(|reference| matches!(reference, Reference::PullRequest(_)));
        if !pulls.is_empty() {
            return pulls;
        }
        let subjects = all.iter().filter_map(|reference| match reference {
            Reference::Subject(subject) => by_subject.get(subject),
            Reference::Commit(_) | Reference::PullRequest(_) => None,
        });
        let perhaps =
            self.words[place].perhaps_reverts.iter().filter_map(|(subject, _)| by_subject.get(subject));
        // Clocks differ: what it contains came before it, too.
        let mut contained = None;
        let mut contains =
            |of: CommitPlace| contained.get_or_insert_with(|| graph.contained(&[place])).holds(of);
        let before =
            |of: &CommitPlace| *of != place && (graph.time(*of) <= graph.time(place) || contains(*of));
        subjects.chain(perhaps).flatten().copied().filter(before).collect()
    }

    /// The commits that a reference by id or number leads to.
    fn resolve(&self, graph: &CommitGraph<'_>, reference: &Reference) -> Vec<CommitPlace> {
        match reference {
            Reference::Commit(digits) => graph.abbreviated(digits).into_iter().collect(),
            Reference::PullRequest(number) => self.by_pull.get(number).cloned().unwrap_or_default(),
            Reference::Subject(_) => Vec::new(),
        }
    }

    /// Commits with one subject, author and author date, and commits with one patch, are copies of each other.
    fn link_twins(&mut self, graph: &CommitGraph<'_>) {
        let mut by_author = HashMap::new();
        let mut by_patch = HashMap::new();
        for place in 0..graph.len() {
            let record = graph.record(place);
            let subject = without_trailing_numbers(&self.words[place].subject).to_owned();
            if !subject.is_empty() && !record.author.is_empty() {
                let key = (subject, record.author.as_str(), record.authored_at);
                by_author.entry(key).or_insert_with(Vec::new).push(place);
            }
            if let Some(patch) = &record.patch_id {
                by_patch.entry(patch.as_str()).or_insert_with(Vec::new).push(place);
            }
        }
        let twins = by_author.into_values().map(|places| (places, HowCopied::SameAuthorAndDate));
        let same = by_patch.into_values().map(|places| (places, HowCopied::SamePatch));
        for (places, how) in twins.chain(same) {
            // Link all to the first: links between all pairs would grow with the square of their number.
            let Some((first, rest)) = places.split_first() else { continue };
            for twin in rest {
                self.copies.entry(*first).or_default().push((*twin, how));
                self.copies.entry(*twin).or_default().push((*first, how));
            }
        }
    }

    /// These commits and their copies, with how a copy is known to be one.
    pub fn with_copies(&self, commits: &[CommitPlace]) -> BTreeMap<CommitPlace, Option<HowCopied>> {
        let mut found: BTreeMap<CommitPlace, Option<HowCopied>> =
            commits.iter().map(|place| (*place, None)).collect();
        let mut open = commits.to_vec();
        while let Some(place) = open.pop() {
            for (copy, how) in self.copies.get(&place).into_iter().flatten() {
                if !found.contains_key(copy) {
                    found.insert(*copy, Some(*how));
                    open.push(*copy);
                }
            }
        }
        found
    }

    /// The commits that take a commit back, or apply it again.
    pub fn reverts_of(&self, place: CommitPlace) -> &[CommitPlace] {
        self.reverts.get(&place).map_or(&[], Vec::as_slice)
    }

    /// The pull request that a commit came in by.
    pub fn pull_of(&self, place: CommitPlace) -> Option<u64> {
        let number = self.words.get(place)?.merged_by?;
        self.by_pull.get(&number).is_some_and(|places| places.contains(&place)).then_some(number)
    }
}

/// The commits that say that they close an issue, with the time when they came in.
fn closers(
    graph: &CommitGraph<'_>,
    words: &[MessageReferences],
    pulls: &BTreeMap<u64, Pull>,
) -> BTreeMap<IssueNumber, Vec<Closer>> {
    let mut closers: BTreeMap<IssueNumber, Vec<Closer>> = BTreeMap::new();
    for (place, own) in words.iter().enumerate() {
        let merged = own.merged_by.and_then(|number| pulls.get(&number));
        // A copy of the commit has the same number, and came in at a time of its own.
        let merged = merged.filter(|pull| pull.commit.as_ref() == Some(&graph.record(place).id));
        let at = merged.and_then(|pull| pull.merged_at).unwrap_or_else(|| graph.time(place));
        for issue in &own.closes {
            closers.entry(*issue).or_default().push(Closer { place, at });
        }
    }
    closers
}

//! Decides which versions of an answer are members of the set and which are denied.

use super::lexeme::{Compare, Lexeme, VersionMention};
use super::membership::{Membership, ends_in_preposition, is_mentioned, is_well_after, membership};
use super::words::{
    BREAKS, DOWNWARDS, JOINS, THROUGH, UNRELEASED, UPWARDS, is_filler, is_foreign, is_grammar, means_every,
    means_newest, means_unreleased,
};
use super::{AnswerContext, NamedProduct, VersionAnswer, VersionItem};

/// A version that was read, until its clause ends.
struct ClauseVersion {
    item: Option<VersionItem>,
    membership: Membership,
    /// `true` if words before it say whether it is a member.
    is_said: bool,
    /// `true` if its membership also applies to the rest of the list.
    passes_on: bool,
    text: String,
}

/// Reads the tokens of an answer in one pass, clause by clause.
pub struct ClauseReader<'a> {
    tokens: &'a [Lexeme],
    pub(super) at: usize,
    pub(super) context: AnswerContext<'a>,
    /// Words since the last version of this clause.
    words: Vec<String>,
    /// Versions of this clause.
    clause: Vec<ClauseVersion>,
    /// `true` if the last token that was not a separator is a version.
    after_version: bool,
    /// `true` if the rest of the line is skipped.
    skipping: bool,
    /// `true` before the first colon of a line.
    may_be_label: bool,
    /// Result so far.
    pub answer: VersionAnswer,
}

impl<'a> ClauseReader<'a> {
    /// A reader at the first token.
    pub fn new(tokens: &'a [Lexeme], context: AnswerContext<'a>) -> Self {
        Self {
            tokens,
            at: 0,
            context,
            words: Vec::new(),
            clause: Vec::new(),
            after_version: false,
            skipping: false,
            may_be_label: true,
            answer: VersionAnswer::default(),
        }
    }

    /// Reads all tokens.
    pub fn read(&mut self) {
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            if self.skipping && !matches!(token, Lexeme::Newline) {
                continue;
            }
            match token {
                Lexeme::Version(mention) => self.version(mention),
                Lexeme::Word(word) => self.word(word),
                Lexeme::Colon => self.colon(),
                Lexeme::Newline => self.newline(),
                Lexeme::Comma => self.separator(),
                Lexeme::Slash | Lexeme::Plus => {}
                Lexeme::Dash => self.end_clause(),
                Lexeme::Stop => {
                    self.end_clause();
                    self.may_be_label = true;
                }
                Lexeme::Open => self.open(),
                Lexeme::Close => self.end_clause(),
                Lexeme::Compare(_) => {}
            }
        }
        self.end_clause();
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<&'a Lexeme> {
        self.tokens.get(self.at + ahead)
    }

    pub(super) fn peek_word(&self, ahead: usize) -> Option<&'a str> {
        self.peek(ahead).and_then(Lexeme::as_word)
    }

    /// Returns `true` if a version was read before.
    pub(super) fn has_version(&self) -> bool {
        !self.clause.is_empty() || !self.answer.items.is_empty()
    }

    fn word(&mut self, word: &str) {
        self.answer.has_text = true;
        // "1.3.2 works, but 1.4.0 fails": what is said of the first version must not reach the
        // second.
        if BREAKS.contains(&word) {
            self.end_clause();
            return;
        }
        // A joining word that leads to another version continues the list, and else begins a clause of its own.
        if self.after_version && matches!(word, "and" | "or") && !self.leads_to_version() {
            self.end_clause();
            return;
        }
        self.words.push(word.to_owned());
    }

    /// Returns `true` if a version follows, behind small words at most.
    fn leads_to_version(&self) -> bool {
        let mut ahead = 0;
        while let Some(word) = self.peek_word(ahead) {
            // A few small words, as in "and also in version 1.4.0". More of them make a new
            // sentence.
            if ahead > 3
                || !(matches!(word, "in" | "on" | "with" | "v" | "version" | "also")
                    || self.context.is_own(word))
            {
                return false;
            }
            ahead += 1;
        }
        matches!(self.peek(ahead), Some(Lexeme::Version(_)))
    }

    /// A comma continues a list between versions, and else ends a clause.
    fn separator(&mut self) {
        let is_bound = matches!(self.peek(0), Some(Lexeme::Compare(_)));
        if !(self.after_version && self.words.is_empty() && (self.leads_to_version() || is_bound)) {
            self.end_clause();
        }
    }

    fn colon(&mut self) {
        if self.may_be_label && self.clause.is_empty() && !self.words.is_empty() {
            // "Node version: 20.1.0" under a heading that asks for the product's version. The label
            // says that the line is about something else.
            let label = self.words.join(" ");
            self.skipping = (self.context.skips)(&label);
            if self.skipping {
                self.words.clear();
            }
        }
        self.may_be_label = false;
    }

    /// The end of a line ends a clause, but for a sentence that goes on: "the newest⏎is 1.8.2".
    fn newline(&mut self) {
        let goes_on = self
            .peek_word(0)
            .is_some_and(|word| matches!(word, "is" | "are" | "to" | "and" | "or" | "but" | "in"));
        if self.skipping || !goes_on || self.words.is_empty() {
            self.end_clause();
            self.may_be_label = true;
        }
        self.skipping = false;
    }

    /// A bracket without a version says something about the version before it: "1.3.2 (works)".
    fn open(&mut self) {
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        let inner =
            // At most 20 tokens: brackets that never close must not make the reader quadratic.
            || rest.iter().take_while(|token| !matches!(token, Lexeme::Close | Lexeme::Newline)).take(20);
        let has_version = inner().any(|token| matches!(token, Lexeme::Version(_)));
        if !has_version && self.after_version && self.words.is_empty() {
            let words: Vec<String> = inner().filter_map(|token| token.as_word().map(str::to_owned)).collect();
            if is_well_after(&words)
                && let Some(last) = self.clause.last_mut()
                && !last.is_said
            {
                (last.membership, last.is_said, last.passes_on) = (Membership::Excluded, true, false);
            }
            // The bracket's end belongs to it: the list goes on behind it.
            self.at += inner().count();
            self.at += usize::from(matches!(self.peek(0), Some(Lexeme::Close)));
            return;
        }
        self.end_clause();
    }

    fn end_clause(&mut self) {
        let words = std::mem::take(&mut self.words);
        let is_well = is_well_after(&words);
        if self.clause.is_empty() && !words.is_empty() {
            self.answer.every |= means_every(&words);
            self.answer.newest |= means_newest(&words);
            // "Not on main" is no build that the reporter used.
            self.answer.unreleased |= means_unreleased(&words) && !words.iter().any(|word| word == "not");
        }
        for read in self.clause.drain(..) {
            let excluded = read.membership == Membership::Excluded || (is_well && !read.is_said);
            let is_foreign = read.item.as_ref().is_some_and(|item| item.name == NamedProduct::Foreign);
            match read.item {
                // "Works in Firefox 120" denies nothing about this product.
                _ if excluded && is_foreign => {}
                _ if excluded => self.answer.denied.push(read.text),
                Some(item) => self.answer.items.push(item),
                None => {}
            }
        }
        self.after_version = false;
    }

    fn version(&mut self, first: &VersionMention) {
        self.answer.has_text = true;
        let words = std::mem::take(&mut self.words);
        let sign = self.sign_before();
        let (kind, text) = self.kind(first, &words, sign);
        if words.iter().any(|word| UNRELEASED.contains(&word.as_str())) {
            self.answer.perhaps_unreleased = true;
        }
        let mut said = membership(&words);
        let mut inherited = self
            .clause
            .last()
            .filter(|last| self.after_version && last.passes_on)
            .map(|last| last.membership);
        // "1.3.2 works 1.4.0 fails": words between two versions that lead nowhere are said of the first.
        if self.after_version
            && !ends_in_preposition(&words)
            && is_well_after(&words)
            && let Some(last) = self.clause.last_mut()
            && !last.is_said
        {
            (last.membership, last.is_said) = (Membership::Excluded, true);
            (said, inherited) = (None, None);
        }
        let membership = match (first.struck, said, inherited) {
            // Struck text is the reporter's own correction, so it wins over all words.
            (true, ..) => Membership::Excluded,
            (false, Some(said), _) => said,
            (false, None, inherited) => inherited.unwrap_or(Membership::Included),
        };
        let is_list = words.iter().all(|word| JOINS.contains(&word.as_str()));
        let name = match self.name(&first.product, &words) {
            NamedProduct::None if is_list && self.after_version => self.last_name(),
            name @ (NamedProduct::None
            | NamedProduct::Own
            | NamedProduct::Other(_)
            | NamedProduct::Foreign) => name,
        };
        let alone = self.is_alone(&words);
        let item = kind.map(|kind| VersionItem {
            kind,
            name,
            joined_name: first.product.clone().filter(|name| !self.context.is_own(name)),
            is_joined_name_meant: first.text.contains('@'),
            text: text.clone(),
            mentioned: is_mentioned(&words),
            alone,
        });
        let is_said = said.is_some() || first.struck || inherited == Some(Membership::Excluded);
        self.clause.push(ClauseVersion { item, membership, is_said, passes_on: !first.struck, text });
        self.after_version = true;
    }

    /// The sign that compares with the version that was just read.
    fn sign_before(&self) -> Option<Compare> {
        match self.at.checked_sub(2).and_then(|at| self.tokens.get(at)) {
            Some(Lexeme::Compare(sign)) => Some(*sign),
            _ => None,
        }
    }

    /// The name of the last version of this clause: a list has one name.
    fn last_name(&self) -> NamedProduct {
        let last = self
            .clause
            .last()
            .and_then(|last| last.item.as_ref())
            .filter(|item| item.name != NamedProduct::Foreign);
        // "macOS 14.4.1, 1.4.0": what follows another product's version need not be its as well.
        last.map_or(NamedProduct::None, |item| item.name.clone())
    }

    /// Returns the product that a version belongs to.
    fn name(&self, joined: &Option<String>, words: &[String]) -> NamedProduct {
        if let Some(joined) = joined {
            let is_foreign = joined.split(['/', '-']).any(is_foreign);
            return match self.context.is_own(joined) {
                true => NamedProduct::Own,
                false if is_foreign => NamedProduct::Foreign,
                false => NamedProduct::Other(joined.clone()),
            };
        }
        let before = words.iter().rev().skip_while(|word| is_filler(word));
        // "The chart image 2.1": a word such as "image" shows that the name before it is a package,
        // even one that is also a platform.
        let has_filler =
            words.last().is_some_and(|word| matches!(word.as_str(), "image" | "package" | "app"));
        let mut name: Vec<&str> = before
            .take_while(|word| !is_grammar(word) && !is_filler(word) && *word != "#")
            .map(String::as_str)
            .collect();
        name.reverse();
        let joined = name.join(" ");
        match () {
            () if name.is_empty() => NamedProduct::None,
            () if self.context.is_own(&joined) => NamedProduct::Own,
            () if has_filler => NamedProduct::Other(joined),
            () if name.iter().any(|word| is_foreign(word)) => NamedProduct::Foreign,
            () => NamedProduct::Other(joined),
        }
    }

    /// Returns `true` if nothing stands around the version that would make a single number something else.
    fn is_alone(&self, words: &[String]) -> bool {
        let allowed = |word: &str| {
            is_filler(word)
                || JOINS.contains(&word)
                || THROUGH.contains(&word)
                || UPWARDS.contains(&word)
                || DOWNWARDS.contains(&word)
                || BREAKS.contains(&word)
                || matches!(
                    word,
                    "since" | "from" | "in" | "on" | "x" | "stable" | "not" | "the" | "between" | "with"
                )
                || self.context.is_own(word)
        };
        words.iter().all(|word| allowed(word)) && self.peek_word(0).is_none_or(allowed)
    }
}

//! Commits, contents and changed paths, from programs that stay open.

use super::numbers::{id, is_id, parse_number};
use super::patch::{FilePatch, Whitespace, parse_patch};
use super::pipe::{Pipe, PipeAnswer, not_understood};
use super::{Git, GitError};
use crate::Sha;

/// Ends an answer of `diff-tree`: it repeats a line that is no object name, and then writes out what it has. No path
/// and no line of a patch can look like it.
const MARK: &[u8] = b"//\n";

/// Reads objects of one repository. Each thread has its own.
#[derive(Debug)]
pub struct Objects {
    git: Git,
    contents: Option<Pipe>,
    paths: Option<Pipe>,
    strict: Option<Pipe>,
    loose: Option<Pipe>,
}

/// A commit as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Full id.
    pub id: Sha,
    /// Ids of the parents; empty for a root commit.
    pub parents: Vec<Sha>,
    /// The author as `Name <address>`. Untrusted text.
    pub author: String,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    /// The whole message. Untrusted text; bytes that are not UTF-8 are replaced.
    pub message: String,
}

impl Commit {
    /// The first line of the message.
    pub fn subject(&self) -> &str {
        self.message.trim_start().lines().next().unwrap_or("").trim_end()
    }
}

impl Git {
    /// A reader of objects; its programs start when they are first asked.
    pub fn objects(&self) -> Objects {
        Objects { git: self.clone(), contents: None, paths: None, strict: None, loose: None }
    }
}

impl Objects {
    /// The commit of an id or of the beginning of one; none if there is no such commit, or several.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn commit(&mut self, id: &str) -> Result<Option<Commit>, GitError> {
        // Nothing but digits goes into the question: a line break would be a second one.
        // Git accepts no abbreviation of fewer than four digits.
        if id.len() < 4 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        match self.object(&format!("{id}^{{commit}}"))? {
            Some((id, bytes)) => {
                let strange = || GitError::NotUnderstood { verb: "cat-file", what: format!("commit {id}") };
                parse_commit_object(&id, &bytes).map(Some).ok_or_else(strange)
            }
            None => Ok(None),
        }
    }

    /// The contents of a file, by its id in a [`FilePatch`].
    ///
    /// # Errors
    /// If it is not in this copy, or cannot be read.
    pub fn contents(&mut self, blob: &str) -> Result<Vec<u8>, GitError> {
        let absent = || GitError::Absent { object: blob.to_owned() };
        if !is_id(blob.as_bytes()) {
            return Err(absent());
        }
        self.object(blob)?.map(|(_, bytes)| bytes).ok_or_else(absent)
    }

    /// The paths that a commit changes against its first parent; a file that moved as it is counts once.
    ///
    /// # Errors
    /// If its trees are not in this copy, or cannot be read.
    pub fn changed_paths(&mut self, commit: &Commit) -> Result<Vec<Vec<u8>>, GitError> {
        let arguments = [
            "--stdin",
            "-r",
            // Without `--root`, a first commit has no difference at all.
            "--root",
            "--no-commit-id",
            "-z",
            "--name-only",
            "-M100%",
            "--ignore-submodules",
        ];
        ask_open_process(
            &self.git,
            &mut self.paths,
            "diff-tree",
            &arguments,
            &parent_diff_question(commit),
            |answer| {
                let mut paths = Vec::new();
                // A path never begins with a slash.
                while answer.peek()? != b'/' {
                    paths.push(answer.until(0)?);
                }
                answer.exactly(MARK.len())?;
                Ok(paths)
            },
        )
    }

    /// Returns the patch of a commit against its first parent, without context lines.
    ///
    /// # Errors
    /// If its objects are not in this copy, or cannot be read.
    pub fn patch(&mut self, commit: &Commit, whitespace: Whitespace) -> Result<Vec<FilePatch>, GitError> {
        let mut arguments = vec![
            "--stdin",
            "-r",
            "--root",
            "--no-commit-id",
            "-p",
            "-U0",
            "-M",
            "--full-index",
            "--no-color",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules",
            "--src-prefix=a/",
            "--dst-prefix=b/",
        ];
        let pipe = match whitespace {
            Whitespace::Counts => &mut self.strict,
            Whitespace::Ignored => {
                arguments.extend(["-w", "--ignore-blank-lines"]);
                &mut self.loose
            }
        };
        let lines = ask_open_process(
            &self.git,
            pipe,
            "diff-tree",
            &arguments,
            &parent_diff_question(commit),
            |answer| {
                let mut lines = Vec::new();
                loop {
                    let line = answer.until(b'\n')?;
                    if line == MARK.trim_ascii_end() {
                        return Ok(lines);
                    }
                    lines.push(line);
                }
            },
        )?;
        parse_patch(&lines).map_err(|line| GitError::NotUnderstood { verb: "diff-tree", what: line })
    }

    /// Id and contents of an object; none if there is none of that name.
    fn object(&mut self, name: &str) -> Result<Option<(String, Vec<u8>)>, GitError> {
        let question = format!("{name}\n");
        ask_open_process(
            &self.git,
            &mut self.contents,
            "cat-file",
            &["--batch"],
            question.as_bytes(),
            |answer| {
                let head = answer.until(b'\n')?;
                if head.ends_with(b" missing") || head.ends_with(b" ambiguous") {
                    return Ok(None);
                }
                let mut words = head.split(|byte| *byte == b' ');
                let (id, _kind, size) =
                    (words.next().and_then(id), words.next(), words.next().and_then(parse_number));
                let (Some(id), Some(size)) = (id, size) else { return Err(not_understood(&head)) };
                let bytes = answer.exactly(size)?;
                // Git adds a line break to the contents.
                answer.exactly(1)?;
                Ok(Some((id, bytes)))
            },
        )
    }
}

/// Asks a program that stays open, and starts it where it is not. One that failed is not asked again.
fn ask_open_process<T>(
    git: &Git,
    pipe: &mut Option<Pipe>,
    verb: &'static str,
    arguments: &[&str],
    question: &[u8],
    read: impl FnOnce(&mut PipeAnswer<'_>) -> std::io::Result<T>,
) -> Result<T, GitError> {
    let open = match pipe {
        Some(open) => open,
        None => pipe.insert(Pipe::start(git, verb, arguments)?),
    };
    let answer = open.ask(question, read);
    if answer.is_err() {
        *pipe = None;
    }
    answer
}

/// The question for the difference to the first parent, and the mark behind its answer.
fn parent_diff_question(commit: &Commit) -> Vec<u8> {
    let parent = commit.parents.first().map(|parent| format!(" {parent}")).unwrap_or_default();
    [format!("{}{parent}\n", commit.id).as_bytes(), MARK].concat()
}

/// Reads a commit object: headers, an empty line, the message.
fn parse_commit_object(id_: &str, bytes: &[u8]) -> Option<Commit> {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap_or(bytes.len());
    let (headers, message) = (&bytes[..end], bytes.get(end + 2..).unwrap_or_default());
    let mut parents = Vec::new();
    let (mut author, mut time) = (String::new(), None);
    for line in headers.split(|byte| *byte == b'\n') {
        if let Some(parent) = line.strip_prefix(b"parent ") {
            parents.push(Sha(id(parent)?));
        } else if let Some(person) = line.strip_prefix(b"author ") {
            let end = person.iter().rposition(|byte| *byte == b'>').map_or(person.len(), |at| at + 1);
            author = String::from_utf8_lossy(&person[..end]).into_owned();
        } else if let Some(person) = line.strip_prefix(b"committer ") {
            let end = person.iter().rposition(|byte| *byte == b'>').map_or(0, |at| at + 1);
            let mut words = person[end..].split(|byte| *byte == b' ').filter(|word| !word.is_empty());
            time = words.next().and_then(parse_number);
        }
    }
    let message = String::from_utf8_lossy(message).into_owned();
    Some(Commit { id: Sha(id_.to_owned()), parents, author, time: time?, message })
}

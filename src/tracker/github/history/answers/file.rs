//! The file of answers: a line each, those that were used last first.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::{Answer, MOST, Question};
use crate::github::Client;
use crate::tracker::github::Repository;
use crate::tracker::github::cache::file;

/// The version of the format. To be raised whenever an answer is read or packed in another way.
const FORMAT: u32 = 1;

/// What the first line and the digest may take beside the answers.
const AROUND: u64 = 4096;

/// The first line.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    escape_gate_answers: u32,
    /// The server.
    host: String,
    /// `owner/name`.
    repository: String,
    /// The program that wrote it: another one may understand an answer in another way.
    program: String,
    answers: usize,
}

/// Where the answers of a repository are kept.
pub(super) struct Place {
    host: String,
    repository: String,
    path: PathBuf,
    /// The most bytes of answers that it holds.
    pub(super) most: u64,
}

impl Place {
    /// The place in a folder.
    pub(super) fn new(folder: &Path, host: &str, repository: &Repository) -> Self {
        let about = format!("{host}\n{repository}");
        let Repository { owner, name } = repository;
        let file = format!("escape-gate-{owner}-{name}-{:016x}.answers", xxh3_64(about.as_bytes()));
        let path = folder.join(file);
        Self { host: host.to_owned(), repository: repository.to_string(), path, most: MOST }
    }

    /// What earlier runs left; nothing of a file that may not be used.
    pub(super) fn load(&self, client: &Client) -> Vec<(Question, Answer)> {
        let expected = |head: &Head| {
            if head.escape_gate_answers != FORMAT {
                return Err(format!(
                    "it has format {}, and this is format {FORMAT}",
                    head.escape_gate_answers
                ));
            }
            if *head != self.head(head.answers) {
                return Err("it was made for something else, or by another version".to_owned());
            }
            Ok(head.answers)
        };
        match file::read(&self.path, self.most + AROUND, expected) {
            Ok(found) => found.map_or_else(Vec::new, |(_, answers)| answers),
            Err(why) => {
                let path = self.path.display();
                client
                    .log(&format!("warning: the answers in {path} are dropped, GitHub is asked anew: {why}"));
                Vec::new()
            }
        }
    }

    /// Keeps answers, those first that come first, as long as there is room. Where that fails, the next run asks again.
    pub(super) fn save<'a>(
        &self,
        client: &Client,
        answers: impl Iterator<Item = (&'a Question, &'a Answer)>,
    ) {
        let mut room = self.most;
        let has_room = |line: &(&Question, &Answer)| {
            let size = serde_json::to_vec(line).map_or(u64::MAX, |text| text.len() as u64 + 1);
            let fits = size <= room;
            room -= if fits { size } else { 0 };
            fits
        };
        let kept: Vec<(&Question, &Answer)> = answers.filter(has_room).collect();
        if let Err(why) = file::write(&self.path, &self.head(kept.len()), kept.iter()) {
            let path = self.path.display();
            client.log(&format!("warning: the answers could not be kept in {path}: {why}"));
        }
    }

    fn head(&self, answers: usize) -> Head {
        Head {
            escape_gate_answers: FORMAT,
            host: self.host.clone(),
            repository: self.repository.clone(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            answers,
        }
    }
}

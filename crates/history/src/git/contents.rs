//! Contents of files that a clone was made without, fetched many at once.

use super::fetch::ids_as_lines;
use super::numbers::{id, is_id};
use super::{CloneError, CommitClone};

/// Objects that one fetch asks for.
const BATCH: usize = 10_000;

impl CommitClone {
    /// Fetches every version of these files that one of the commits contains, as far as it is not here. The folders have to
    /// be here ([`CommitClone::with_files`]). A path with a line break is left out: its contents are fetched when they are
    /// read.
    ///
    /// # Errors
    /// [`CloneError`] says why the server did not send them within the limits.
    pub fn fetch_contents(&self, commits: &[&str], paths: &[Vec<u8>]) -> Result<(), CloneError> {
        if commits.is_empty() || paths.is_empty() {
            return Ok(());
        }
        let commits: Vec<&str> = commits.iter().copied().filter(|commit| is_id(commit.as_bytes())).collect();
        let mut input = ids_as_lines(&commits);
        input.extend_from_slice(b"--\n");
        for path in paths.iter().filter(|path| !path.contains(&b'\n')) {
            input.extend_from_slice(path);
            input.push(b'\n');
        }
        // With `--missing=print`, Git marks an absent object with `?` and does not fetch it.
        let arguments = ["--objects", "--missing=print", "--no-object-names", "--stdin"].map(str::as_ref);
        let listed = self.git().answer_to("rev-list", &arguments, input)?;
        let missing: Vec<String> =
            listed.split(|byte| *byte == b'\n').filter_map(|line| id(line.strip_prefix(b"?")?)).collect();
        let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
        for batch in missing.chunks(BATCH) {
            self.git().fetch_objects(batch, self.limits())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use std::fs;

    use crate::git::testing::run_git_at;
    use crate::git::testing::stage::Stage;
    use crate::git::{CommitClone, Git};

    /// Objects of a kind that are in a clone, none of which is fetched for the answer.
    fn count(clone: &CommitClone, kind: &str) -> usize {
        let arguments = ["cat-file", "--batch-all-objects", "--batch-check"];
        let listed = run_git_at(clone.git().folder(), 0, &arguments);
        listed.lines().filter(|line| line.contains(kind)).count()
    }

    fn blame(git: &Git, commit: &str) -> Vec<String> {
        git.blame(commit, b"total.c", &[1, 2]).unwrap().into_iter().map(|found| found.commit.0).collect()
    }

    #[test]
    fn blame_works_without_a_checkout() {
        let mut stage = Stage::new();
        let first = stage.work.change("total.c", "one\ntwo\n", "feat: total");
        stage.work.change("deep/other.c", "other\n", "feat: other");
        let second = stage.work.change("total.c", "one\nthree\n", "feat: three");
        stage.push();
        let clone = stage.open().unwrap();
        assert_eq!((count(&clone, " blob "), count(&clone, " tree ")), (0, 0));
        let git = clone.with_files().unwrap();
        assert_eq!(count(&clone, " blob "), 0);
        assert!(count(&clone, " tree ") > 3);
        clone.fetch_contents(&[&second], &[b"total.c".to_vec()]).unwrap();
        assert_eq!(count(&clone, " blob "), 2, "every version of the file, and no other file");
        let requests = stage.server.requests().len();
        assert_eq!(blame(&git, &second), [second.clone(), first.clone()]);
        assert_eq!(stage.server.requests().len(), requests, "nothing more is asked");
        assert_eq!(git.objects().contents(&blob(&stage, "HEAD:deep/other.c")).unwrap(), b"other\n");
    }

    fn blob(stage: &Stage, name: &str) -> String {
        stage.work.git(&["rev-parse", name]).trim().to_owned()
    }

    #[test]
    fn contents_that_were_not_fetched_before_are_fetched_when_they_are_read() {
        let mut stage = Stage::new();
        let first = stage.work.change("total.c", "one\ntwo\n", "feat: total");
        stage.push();
        let clone = stage.open().unwrap();
        assert_eq!(blame(&clone.with_files().unwrap(), &first), std::slice::from_ref(&first));
        assert!(clone.git().blame(&first, b"a.txt", &[1]).is_err(), "the reader of commits fetches nothing");
    }

    #[test]
    fn folders_stay_for_the_next_run_and_news_come_with_theirs() {
        let mut stage = Stage::new();
        drop(stage.open().unwrap().with_files().unwrap());
        let packs = |clone: &CommitClone| {
            let files = fs::read_dir(clone.git().folder().join("objects/pack")).unwrap().flatten();
            files.filter(|file| file.path().extension().is_some_and(|end| end == "pack")).count()
        };
        let head = stage.work.change("total.c", "one\ntwo\n", "feat: total");
        stage.push();
        let clone = stage.open().unwrap();
        let before = packs(&clone);
        let git = clone.with_files().unwrap();
        assert_eq!(packs(&clone), before, "the folders are here");
        assert_eq!(blame(&git, &head), [head]);
    }
}

//! A repository of many commits with branches, tags and messages of several lines, and what it takes to read it from a
//! server on this machine.

use std::error::Error;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use release_history::commit_index::CommitIndex;
use release_history::git::{CloneOptions, CommitClone, LoggedCommit, Remote};
use release_history::shorten::{Interest, shorten_history};
use release_history::{IssueNumber, Sha};

use release_history::git::testing::git_server::{Behavior, GitServer};

/// Words of messages.
const WORDS: [&str; 24] = [
    "fix", "add", "remove", "update", "driver", "net", "queue", "test", "memory", "leak", "when", "port",
    "is", "not", "set", "up", "parser", "error", "handle", "retry", "with", "new", "flag", "order",
];

/// Commits between two tags.
const RELEASE: usize = 200;

/// Writes `FOLDER/octo/shop.git`.
pub fn write(folder: &Path, count: usize) -> Result<(), Box<dyn Error>> {
    let bare = folder.join("octo/shop.git");
    std::fs::create_dir_all(&bare)?;
    git(&bare, &["init", "--quiet", "--bare", "--initial-branch=main"])?;
    git(&bare, &["config", "uploadpack.allowFilter", "true"])?;
    let mut command = Command::new("git");
    let mut child =
        command.current_dir(&bare).args(["fast-import", "--quiet"]).stdin(Stdio::piped()).spawn()?;
    let input = child.stdin.take().ok_or("no input")?;
    stream(&mut BufWriter::new(input), count)?;
    if !child.wait()?.success() {
        return Err("git fast-import failed".into());
    }
    git(&bare, &["repack", "-adq"])
}

/// The stream of fast-import: a main line, and every ten commits a branch of five that is merged.
fn stream(out: &mut impl Write, count: usize) -> std::io::Result<()> {
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    writeln!(out, "blob\nmark :1\ndata 6\nhello\n")?;
    let (mut main, mut side) = (0, 0);
    for number in 0..count {
        let mark = number + 2;
        let is_side = number > 0 && number % 10 >= 5;
        let merges = number % 10 == 0 && side > 0;
        let words: Vec<&str> = (0..8).map(|_| WORDS[random(WORDS.len())]).collect();
        let mut message = format!("{} (#{})\n\n", words.join(" "), random(count) + 1);
        for _ in 0..random(12) {
            let words: Vec<&str> = (0..10).map(|_| WORDS[random(WORDS.len())]).collect();
            message += &format!("{}\n", words.join(" "));
        }
        let author = number % 300;
        message += &format!("\nSigned-off-by: Ann {author} <ann{author}@example.org>\n");
        let branch = if is_side { "topic" } else { "main" };
        let (time, length) = (1_300_000_000 + number * 3_000, message.len());
        writeln!(out, "commit refs/heads/{branch}\nmark :{mark}")?;
        writeln!(out, "author Ann {author} <ann{author}@example.org> {time} +0000")?;
        writeln!(out, "committer Ben <ben@example.org> {time} +0000\ndata {length}\n{message}")?;
        let parent = if is_side && number % 10 > 5 { side } else { main };
        if parent > 0 {
            writeln!(out, "from :{parent}")?;
        }
        if merges {
            writeln!(out, "merge :{side}")?;
        }
        writeln!(out, "M 644 :1 folder{}/file{}\n", number % 50, number % 1000)?;
        if is_side {
            side = mark
        } else {
            main = mark
        }
        if number % RELEASE == 0 {
            writeln!(out, "reset refs/tags/v1.{}.0\nfrom :{main}\n", number / RELEASE)?;
        }
    }
    out.flush()
}

/// Reads the repository several times, as a run does: the first time without a cache.
pub fn read(folder: &Path, cache: &Path) -> Result<String, Box<dyn Error>> {
    let server = GitServer::start(folder, Behavior::Open);
    let runs: Result<Vec<String>, _> = (0..4).map(|_| one_run(&server, cache)).collect();
    Ok(runs?.join("\n"))
}

/// Clones the commits into a cache, reads them and shortens their graph.
fn one_run(server: &GitServer, cache: &Path) -> Result<String, Box<dyn Error>> {
    let began = Instant::now();
    let options = CloneOptions {
        remote: Remote::new(&server.url(), "octo", "shop")?.with_token(Some("token")),
        cache: Some(cache),
        checkout: None,
        pull_request: None,
        time: Duration::from_secs(300),
        bytes: 2 << 30,
    };
    let clone = CommitClone::open(&options)?;
    let fetched = began.elapsed();
    let stored = clone.remembered().and_then(|bytes| CommitIndex::from_bytes(&bytes));
    let mut index = stored.unwrap_or_default();
    let (known, heads) = (index.len(), index.heads());
    let tips = index.unknown(clone.refs().iter().map(|found| found.target.as_str()));
    let add = |commit: &LoggedCommit<'_>| index.add(commit);
    if known == 0 { clone.git().log(add) } else { clone.git().log_news(&tips, &heads, add) }?;
    index.forget_unreachable(clone.refs().iter().map(|found| found.target.as_str()));
    if index.len() != known {
        clone.remember(Some(&index.to_bytes()));
    }
    let read = began.elapsed();
    let interest = Interest {
        issues: (1..=500).map(|number| IssueNumber(number * 7)).collect(),
        tips: clone.refs().iter().map(|found| Sha(found.target.clone())).collect(),
        ..Interest::default()
    };
    let kept = shorten_history(&index, &interest);
    let shortened = began.elapsed();
    let ids: Vec<String> =
        kept.iter().filter(|commit| commit.has_words).map(|commit| commit.id.0.clone()).collect();
    let mut bytes = 0;
    clone.git().log_of(&ids, |commit| bytes += commit.message.len())?;
    Ok(format!(
        "{:.3} s: {} commits, {} kept with {bytes} bytes of messages; fetch {:.3} s, read {:.3} s, shorten {:.3} s, messages {:.3} s",
        began.elapsed().as_secs_f64(),
        index.len(),
        kept.len(),
        fetched.as_secs_f64(),
        (read - fetched).as_secs_f64(),
        (shortened - read).as_secs_f64(),
        (began.elapsed() - shortened).as_secs_f64(),
    ))
}

fn git(folder: &Path, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let status = Command::new("git").current_dir(folder).args(arguments).status()?;
    if status.success() { Ok(()) } else { Err(format!("git {arguments:?} failed").into()) }
}

//! What of a history is kept from run to run, and what is asked again.
#![allow(clippy::unwrap_used)]

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::github::testing::Fake;
use crate::tracker::github::history::{History, Range};

const REPOSITORY: u64 = 77;

fn id(digit: char) -> Sha {
    Sha(digit.to_string().repeat(40))
}

fn commit(id: &Sha) -> Value {
    json!({
        "sha": id.0, "parents": [{ "sha": "f".repeat(40) }],
        "files": [
            { "filename": "a.c", "status": "modified", "additions": 0, "deletions": 1, "patch": "@@ -1 +0,0 @@\n-\u{fc}" },
            { "filename": "b.c", "status": "added", "additions": 1, "deletions": 0, "patch": "@@ -0,0 +1 @@\n+b" },
        ],
        "commit": {
            "message": "Fix \"it\"\n", "author": { "name": "Ann", "email": "ann@example.org" },
            "committer": { "date": "2026-01-02T03:04:05Z" },
        },
    })
}

/// A server that knows one of each.
fn shop() -> Fake {
    let fake = Fake::start();
    let (a, b) = (id('a'), id('b'));
    for name in [a.0.as_str(), "main", "aaaaaaa"] {
        fake.on("GET", &format!("/repos/acme/shop/commits/{name}"), 200, &commit(&a));
    }
    fake.on("GET", &format!("/repos/acme/shop/commits/{}", id('9')), 422, &json!({ "message": "No commit" }));
    for of in [b.0.as_str(), "HEAD"] {
        let path = format!("/repos/acme/shop/compare/{a}...{of}");
        fake.on("GET", &path, 200, &json!({ "status": "ahead" }));
    }
    let file = json!({ "type": "file", "encoding": "base64", "content": "AEH/Cg==", "size": 4 });
    fake.on("GET", "/repos/acme/shop/contents/a.c", 200, &file);
    let range = |first: u32, last: u32, by: &Sha| json!({ "startingLine": first, "endingLine": last, "commit": { "oid": by.0 } });
    let ranges = [range(1, 2, &b), range(3, 3, &a), range(4, 9, &b)];
    fake.graphql("query Blame", &json!({ "repository": { "object": { "blame": { "ranges": ranges } } } }));
    let pull = |merged: bool| json!({ "merged": merged, "merge_commit_sha": a.0, "base": { "repo": { "id": REPOSITORY } } });
    fake.on("GET", "/repos/acme/shop/pulls/1", 200, &pull(true));
    fake.on("GET", "/repos/acme/shop/pulls/2", 200, &pull(false));
    fake
}

/// A run on the repository.
fn run(fake: &Fake, folder: &TempDir, questions: impl FnOnce(&History<'_>)) {
    let client = fake.client();
    let repository = Repository::parse("acme/shop").unwrap();
    let history = History::new(&client, repository).with_cache(Some(folder.path()));
    questions(&history);
    history.keep();
}

/// Asks one of each, by full ids.
fn ask(history: &History<'_>) {
    let (a, b) = (id('a'), id('b'));
    let found = history.commit(&a.0).unwrap().unwrap();
    assert_eq!((found.message.as_str(), found.files.len()), ("Fix \"it\"\n", 2));
    assert_eq!(found.files[0].patch.as_deref(), Some("@@ -1 +0,0 @@\n-\u{fc}"));
    assert_eq!(history.is_ancestor(&a, &b), Ok(true));
    assert_eq!(*history.contents(&a, "a.c").unwrap(), *b"\0A\xff\n");
    let range = |first, last, by: &Sha| Range { commit: by.clone(), first, last };
    assert_eq!(*history.blame(&a, "a.c").unwrap(), [range(1, 2, &b), range(3, 3, &a), range(4, 9, &b)]);
    assert_eq!(history.merge_of(1), Ok(Some(a)));
}

/// The only file in the folder.
fn file(folder: &TempDir) -> std::path::PathBuf {
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

fn on_repository(fake: &Fake, number: u64) {
    fake.on("GET", "/repos/acme/shop", 200, &json!({ "id": number }));
}

#[test]
fn a_later_run_asks_for_nothing_but_whose_pull_requests_it_knows() {
    let (fake, folder) = (shop(), tempfile::tempdir().unwrap());
    on_repository(&fake, REPOSITORY);
    run(&fake, &folder, ask);
    let asked = fake.requests().len();
    for _ in 0..2 {
        run(&fake, &folder, ask);
    }
    assert_eq!(fake.rest()[asked - 1..], ["GET /repos/acme/shop"; 2]);
    let lines = fs::read_to_string(file(&folder)).unwrap();
    assert_eq!(lines.lines().count(), 7, "five answers, a head and a digest");
    assert!(!lines.contains("+b"), "nobody asks for the lines of a file that was not there");
}

#[test]
fn what_may_change_is_asked_in_every_run() {
    let (fake, folder) = (shop(), tempfile::tempdir().unwrap());
    let (a, b) = (id('a'), id('b'));
    let changing = |history: &History<'_>| {
        for name in ["main", "aaaaaaa"] {
            assert_eq!(history.commit(name).unwrap().unwrap().id, a);
        }
        assert_eq!(history.commit(&id('9').0), Ok(None));
        assert_eq!(history.is_ancestor(&a, &Sha("HEAD".into())), Ok(true));
        assert_eq!(history.merge_of(2), Ok(None));
        assert!(history.is_ancestor(&b, &a).is_err());
    };
    run(&fake, &folder, changing);
    let asked = fake.requests().len();
    run(&fake, &folder, changing);
    assert_eq!(fake.requests().len(), 2 * asked);
    run(&fake, &folder, |history| assert!(history.commit(&a.0).unwrap().is_some()));
    assert_eq!(fake.requests().len(), 2 * asked, "what a name leads to is known by its id");
}

#[test]
fn a_pull_request_of_another_repository_of_this_name_is_asked_for() {
    let (fake, folder) = (shop(), tempfile::tempdir().unwrap());
    on_repository(&fake, REPOSITORY + 1);
    run(&fake, &folder, ask);
    run(&fake, &folder, |history| assert_eq!(history.merge_of(1), Ok(Some(id('a')))));
    assert_eq!(fake.rest().last().map(String::as_str), Some("GET /repos/acme/shop/pulls/1"));
}

#[test]
fn a_file_that_is_damaged_or_of_something_else_is_dropped_and_written_anew() {
    let (fake, folder) = (shop(), tempfile::tempdir().unwrap());
    on_repository(&fake, REPOSITORY);
    run(&fake, &folder, ask);
    let (path, whole) = (file(&folder), fs::read(file(&folder)).unwrap());
    let asked = fake.requests().len();
    let other =
        |from: &str, to: &str| String::from_utf8(whole.clone()).unwrap().replacen(from, to, 1).into_bytes();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (at, damage) in [
        whole[..whole.len() / 2].to_vec(),
        Vec::new(),
        flipped,
        [&whole[..], b"x"].concat(),
        b"PK\x03\x04".to_vec(),
        other("\"escape_gate_answers\":1", "\"escape_gate_answers\":2"),
        other("acme/shop", "acme/stop"),
        other("http://", "https://"),
        other(env!("CARGO_PKG_VERSION"), "9.9.9"),
        vec![b'{'; (MOST + 5000) as usize],
    ]
    .into_iter()
    .enumerate()
    {
        fs::write(&path, damage).unwrap();
        run(&fake, &folder, ask);
        let log = fake.log.take().join("\n");
        assert!(log.starts_with("warning: the answers in ") && log.contains("dropped"), "{at}: {log}");
        assert_eq!(fake.requests().len(), asked * (at + 2), "{at}");
        let again = fs::read_to_string(&path).unwrap();
        assert_eq!(again.lines().count(), 7, "{at}");
    }
}

#[test]
fn an_answer_to_another_kind_of_question_is_none() {
    let (fake, folder) = (shop(), tempfile::tempdir().unwrap());
    on_repository(&fake, REPOSITORY);
    let client = fake.client();
    let place = Place::new(folder.path(), client.host(), &Repository::parse("acme/shop").unwrap());
    let (a, b) = (id('a'), id('b'));
    let questions = [
        Question::Commit(a.clone()),
        Question::IsAncestor(a.clone(), b.clone()),
        Question::Blame(a.clone(), "a.c".into()),
        Question::Contents(a, "a.c".into()),
        Question::Merge(1),
    ];
    let yes = Answer::IsAncestor(true);
    let no = Answer::Merge { commit: b, repository: REPOSITORY };
    place.save(
        &client,
        questions.iter().map(|question| match question {
            Question::IsAncestor(..) => (question, &no),
            Question::Commit(_) | Question::Blame(..) | Question::Contents(..) | Question::Merge(_) => {
                (question, &yes)
            }
        }),
    );
    run(&fake, &folder, ask);
    assert_eq!(fake.log.take(), [""; 0]);
    assert_eq!(fake.rest().len(), 4);
}

#[test]
fn runs_and_bytes_that_cannot_be_are_no_answer() {
    for strange in [
        json!({ "blame": { "commits": [], "runs": [[1, 1, 0]] } }),
        json!({ "blame": { "commits": ["a"], "runs": [[0, 1, 0]] } }),
        json!({ "blame": { "commits": ["a"], "runs": [[2, 1, 0]] } }),
        json!({ "contents": "\u{100}" }),
        json!({ "is-ancestor": 1 }),
    ] {
        assert!(serde_json::from_value::<Answer>(strange.clone()).is_err(), "{strange}");
    }
    let bytes = Answer::Contents((0..=255).collect());
    let text = serde_json::to_string(&bytes).unwrap();
    assert_eq!(serde_json::from_str::<Answer>(&text).unwrap(), bytes);
}

#[test]
fn what_was_used_longest_ago_goes_first() {
    let (fake, folder) = (Fake::start(), tempfile::tempdir().unwrap());
    let (client, repository) = (fake.client(), Repository::parse("acme/shop").unwrap());
    let open = || {
        let mut answers = Answers::kept_in(folder.path(), &client, &repository);
        answers.place.as_mut().unwrap().most = 3 * 140;
        answers
    };
    let question = |digit: char| Question::IsAncestor(id(digit), id('f'));
    let known = || -> String {
        let answers = open();
        ('a'..='e').filter(|digit| answers.get(&question(*digit)).is_some()).collect()
    };
    let first = open();
    ('a'..='c').for_each(|digit| first.learn(question(digit), Answer::IsAncestor(true)));
    first.keep(&client);
    assert_eq!(known(), "abc");
    let second = open();
    assert_eq!(second.get(&question('a')), Some(Answer::IsAncestor(true)));
    second.learn(question('d'), Answer::IsAncestor(false));
    second.keep(&client);
    assert_eq!(known(), "acd");
    assert!(fs::metadata(file(&folder)).unwrap().len() < 1000);
    // One that has no room at all takes nobody's place.
    let third = open();
    let large = Question::Contents(id('a'), "x".repeat(500));
    third.learn(large.clone(), Answer::IsAncestor(true));
    third.keep(&client);
    assert_eq!(known(), "acd");
    assert_eq!(open().get(&large), None);
}

#[test]
fn a_folder_that_cannot_be_written_keeps_nothing_and_says_so() {
    let (fake, folder) = (shop(), tempfile::tempdir().unwrap());
    fs::write(folder.path().join("file"), "").unwrap();
    let client = fake.client();
    let history = History::new(&client, Repository::parse("acme/shop").unwrap());
    let history = history.with_cache(Some(&folder.path().join("file/below")));
    ask(&history);
    history.keep();
    assert!(fake.log.take().join("\n").contains("could not be kept"));
}

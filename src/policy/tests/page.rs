//! The explanation of each code, whose examples are what they say, and the page that is generated from them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::rc::Rc;

use super::super::{Base, Code, Library, Parsed, Unread, load, parse_cases};
use super::{assert_generated, whole};

/// Files by name, as the examples have them. `base.yml` is always there, and so are steps that lead up for ever.
struct Shelf(BTreeMap<String, String>);

impl Library for Shelf {
    fn read(&self, base: &Base) -> Result<Vec<u8>, Unread> {
        let missing = Unread { why: "no such file".into(), help: String::new(), outside: false };
        let name = match base {
            Base::Local(name) => name.clone(),
            Base::Remote { path, .. } => path.rsplit('/').next().unwrap().to_owned(),
            Base::Preset(_) => return Err(missing),
        };
        if let Some(step) = name.strip_prefix("step-").and_then(|name| name.strip_suffix(".yml")) {
            let next = step.parse::<u32>().unwrap() + 1;
            return Ok(format!("version: 1\nextends: [step-{next}.yml]\n").into_bytes());
        }
        self.0.get(&name).map(|text| text.clone().into_bytes()).ok_or(missing)
    }
}

/// The codes that a policy gives, or a file of cases: errors and warnings.
fn codes(source: &str, shelf: &Shelf) -> (bool, BTreeSet<Code>) {
    if source.contains("\ncases:") {
        let policy = Rc::new(load(whole("").as_bytes(), "policy.yml", shelf).unwrap().policy);
        return match parse_cases(source.as_bytes(), "cases.yml", &|_| Some(Rc::clone(&policy))) {
            Ok(_) => (true, BTreeSet::new()),
            Err(refused) => (false, refused.diagnostics().iter().map(|one| one.code()).collect()),
        };
    }
    match load(source.as_bytes(), "policy.yml", shelf) {
        Ok(Parsed { warnings, .. }) => (true, warnings.iter().map(|one| one.code()).collect()),
        Err(refused) => (false, refused.diagnostics().iter().map(|one| one.code()).collect()),
    }
}

#[test]
fn every_code_is_explained_by_examples_that_are_what_they_say() {
    // They are about a file as a whole, before its text is looked at.
    let without_example = [Code::Unreadable, Code::TooLarge, Code::Encoding];
    let mut wrong_examples = Vec::new();
    for code in Code::ALL {
        let section = code.explanation();
        assert!(!section.is_empty(), "explanations.md has no section for {code}");
        if without_example.contains(code) {
            continue;
        }
        let (wrong, right) = section.split_once("Right:").unwrap_or_else(|| panic!("{code} has no examples"));
        let mut shelf = Shelf(BTreeMap::new());
        let base = "version: 1\nrules: [{ id: tests, metric: tests.failed, max: 0 }]\n";
        shelf.0.insert("base.yml".into(), base.into());
        let mut policies = Vec::new();
        for text in [wrong, right] {
            let blocks = text.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
            for block in blocks {
                match block.lines().next().unwrap().strip_prefix("# ").filter(|name| name.ends_with(".yml")) {
                    Some(file) => drop(shelf.0.insert(file.to_owned(), block.to_owned())),
                    None => policies.push(block),
                }
            }
        }
        let [wrong, right] = policies.as_slice() else {
            panic!("{code} has not one wrong and one right example")
        };
        let completed = codes(&whole(wrong), &shelf).1;
        if completed != BTreeSet::from([*code]) && !codes(wrong, &shelf).1.contains(code) {
            wrong_examples.push(format!("{code}: the wrong example gives {completed:?}"));
        }
        let (read, found) = codes(&whole(right), &shelf);
        if !read || !found.is_empty() {
            wrong_examples.push(format!("{code}: the right example gives {found:?}"));
        }
    }
    assert!(wrong_examples.is_empty(), "{wrong_examples:#?}");
    let sections = include_str!("../explanations.md").lines().filter(|line| line.starts_with("## ")).count();
    assert_eq!(sections, Code::ALL.len(), "a section has no code");
}

#[test]
fn message_names_the_command_that_explains_it() {
    let refused = super::parse(b"version: 2\n", "policy.yml").unwrap_err();
    let shown = refused.render(false);
    assert!(shown.contains("= note: run 'escape-gate explain P010'"), "{shown}");
}

#[test]
fn page_of_policy_errors_is_current() {
    let example = super::parse(
        b"version: 1\nrules:\n  - id: tests\n    metric: tests.failed\n    max: 0\n    max: 10\n",
        ".github/escape-gate.yml",
    );
    let shown = example.unwrap_err().render(false);
    let shown = shown.split("\n\n").next().unwrap();
    let mut page = format!(
        "<!-- Generated from src/policy/explanations.md: UPDATE_EXPECTED=1 cargo test --lib page_of_policy_errors -->
# Policy errors

A policy with an error is never used, not even in part. The run lists all errors and exits 2. A warning is about a probable
mistake; `escape-gate policy check --strict` treats it as an error. Each message has a code, which keeps its meaning in all
versions. `escape-gate explain CODE` prints the section of this page:

```text
{shown}
```

The examples show the relevant part of a policy; `base.yml` stands for a file next to it. Examples that begin with `cases` show a
part of a file of test cases. The rule `a` of its policy limits `unfixed`.
"
    );
    for code in Code::ALL {
        let kind = if code.is_warning() { "Warning" } else { "Error" };
        write!(page, "\n## {code}\n\n*{kind}.* {}\n", code.explanation()).unwrap();
    }
    assert_generated("docs/reference/policy-errors.md", &page, "--lib page_of_policy_errors");
}

#[test]
fn code_is_parsed_as_it_is_shown() {
    assert_eq!(Code::parse("P012"), Some(Code::DuplicateKey));
    assert_eq!(Code::parse("P101"), Some(Code::UnreachableMethod));
    // An id of a rule may be `p012`.
    assert_eq!(Code::parse("p012"), None);
    assert_eq!(Code::parse("P018"), None);
}

//! docs/policy-errors.md: a section for each code, whose examples are what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::rc::Rc;

use super::super::{Base, Code, Library, Parsed, Unread, load, parse_cases};
use super::whole;

/// The section of each code: its text.
fn sections() -> BTreeMap<String, String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/policy-errors.md");
    let page = fs::read_to_string(page).unwrap();
    let sections = page.split("\n## ").skip(1);
    sections.map(|text| (text.lines().next().unwrap().to_owned(), text.to_owned())).collect()
}

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
fn every_code_has_a_section_whose_examples_are_what_they_say() {
    let sections = sections();
    // They are about a file as a whole, before its text is looked at.
    let without_example = [Code::Unreadable, Code::TooLarge, Code::Encoding];
    let mut wrong_examples = Vec::new();
    for code in Code::ALL {
        let Some(section) = sections.get(&code.to_string()) else { panic!("{code} has no section") };
        let kind = if code.is_warning() { "*Warning.*" } else { "*Error.*" };
        assert!(section.contains(kind), "{code} does not say {kind}");
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
    assert_eq!(sections.len(), Code::ALL.len(), "a section has no code");
}

#[test]
fn every_message_names_its_section() {
    let refused = super::parse(b"version: 2\n", "policy.yml").unwrap_err();
    assert!(
        refused.render(false).contains("= note: docs/policy-errors.md#p010"),
        "{}",
        refused.render(false)
    );
}

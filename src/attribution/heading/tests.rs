use super::*;
use crate::policy::HeadingPattern;

fn read(heading: &str) -> Option<Relevance> {
    relevance(heading, &FormHeadings::default(), &["shop".to_owned()])
}

#[test]
fn headings_that_ask_for_version_are_read() {
    for heading in [
        "Version",
        "Version:",
        "Version(s)",
        "4. Affected version (Required)",
        "What version of Home Assistant Core has the issue?",
        "What is your TiDB version? (Required)",
        "Tested versions",
        "Found in",
        "Found in release",
        "Affected release",
        "**App Version**",
        "If \"Other Airflow 2 version\" selected, which one?",
    ] {
        assert_eq!(read(heading), Some(Relevance::Version), "{heading}");
    }
}

#[test]
fn headings_that_look_alike_are_skipped() {
    for heading in [
        "What was the last working version of Home Assistant Core?",
        "OS version",
        "Operating system version",
        "Browser version",
        "Previous version",
        "Did it work in an earlier version?",
        "Steps to reproduce in the latest version",
        "Version in which it is fixed",
        "Versions of Apache Airflow Providers",
        "What happened?",
        "",
    ] {
        assert_eq!(read(heading), None, "{heading}");
    }
}

#[test]
fn heading_of_another_product_gives_way() {
    assert_eq!(read("Node version"), Some(Relevance::OtherProduct));
    assert_eq!(
        relevance("Node version", &FormHeadings::default(), &["node".to_owned()]),
        Some(Relevance::Version)
    );
    let named = FormHeadings { read: vec![HeadingPattern::new("Node version")], skip: Vec::new() };
    assert_eq!(relevance("### Node Version?", &named, &[]), Some(Relevance::Version));
    let own = FormHeadings { read: vec![HeadingPattern::new("Browser version")], ..FormHeadings::default() };
    assert_eq!(relevance("Browser version", &own, &[]), Some(Relevance::Version));
    assert_eq!(read("Environment"), Some(Relevance::Surroundings));
}

#[test]
fn form_fields_with_version_in_id_are_headings() {
    let form = "name: Bug\nbody:\n  - type: markdown\n    attributes:\n      value: |\n        id: version\n  - type: input\n    \
                id: app-version\n    attributes:\n      label: \"Which one do you run?\"\n  - type: dropdown\n    id: os\n    \
                attributes:\n      label: System\n      options:\n        - label: x\n  - attributes:\n      label: Shop build # x\n    \
                id: shop_Version\n    type: input\n";
    assert_eq!(headings_of_form(form), ["Which one do you run?", "Shop build"]);
}

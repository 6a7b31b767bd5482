#![allow(clippy::unwrap_used)]
use super::{Version, product_of};

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

#[test]
fn spellings_of_one_version_are_the_same() {
    for text in [
        "v1.4.0",
        "1.4",
        "V1.4.0",
        "release-1.4.0",
        "1.4.0+build.7",
        "1.4.0 (latest)",
        "1.4.0-g1a2b3c",
        "s3-gateway-1.4.0",
        "1.4.0-b12",
        "project-1_4_0",
        "x86_64-1.4.0",
    ] {
        assert!(version(text).same(&version("v1.4.0")), "{text}");
    }
    for text in ["2.0.0-rc.1", "release-2_0_0rc1", "REL_2_0_RC1"] {
        assert!(version(text).same(&version("v2.0.0-RC1")), "{text}");
    }
    assert!(version("release-2026-07-31").same(&version("2026.07.31")));
}

#[test]
fn neighbours_are_not_the_same() {
    for text in ["1.4.1", "1.40", "14.0", "1.4.0-rc.1", "1.4.x", "1.4.0b2"] {
        assert!(!version(text).same(&version("v1.4.0")), "{text}");
    }
    assert!(!version("release-2026-07-31").same(&version("release-2026-01-10")));
}

#[test]
fn a_line_holds_its_releases_and_no_others() {
    assert!(version("1.4.x").is_line_of(&version("v1.4.7")));
    assert!(version("1.4").is_line_of(&version("v1.4.7")));
    assert!(version("1.0.x").is_line_of(&version("v1.0.0")));
    assert!(!version("1.4.x").is_line_of(&version("v1.5.0")));
    assert!(!version("1.4.0").is_line_of(&version("v1.4.7")));
    assert!(!version("1.4.x").is_line_of(&version("v1.4.7-rc.1")));
    assert!(version("1").is_line_of(&version("v1.4.7")));
    assert!(version("29-x-y").is_line_of(&version("v29.3.1")));
    assert!(!version("29-x86").is_whole());
}

#[test]
fn a_number_in_a_sentence_is_no_version() {
    for (text, is_version) in
        [("1 of our 40 pods", false), ("v7", true), ("7", true), ("1.4.0 (latest)", true)]
    {
        assert_eq!(version(text).is_all_of(text), is_version, "{text}");
    }
    assert_eq!(Version::parse("_No response_"), None);
    assert_eq!(Version::parse("99999999999999999999999"), None);
}

#[test]
fn versions_are_ordered_by_their_numbers() {
    assert!(version("v1.10.0").compare(&version("v1.9.0")).is_gt());
    assert!(version("v1.4.0-rc.1").compare(&version("v1.4.0")).is_lt());
}

#[test]
fn pre_releases_are_ordered_as_semver_does() {
    let ascending = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.2",
        "1.0.0-RC10",
        "1.0.0",
    ];
    for pair in ascending.windows(2) {
        assert!(version(pair[0]).compare(&version(pair[1])).is_lt(), "{pair:?}");
    }
}

#[test]
fn line_is_version_without_last_number() {
    for (text, line) in [
        ("v7.5.1", Some("7.5")),
        ("v1.0.0", Some("1.0")),
        ("2024.5", Some("2024")),
        ("7.5.x", Some("7.5")),
        ("29-x-y", Some("29")),
        ("v7", None),
    ] {
        assert_eq!(version(text).line().as_deref(), line, "{text}");
    }
}

#[test]
fn product_is_text_before_version() {
    for (tag, product) in [
        ("v1.0.0", None),
        ("release-1.0.0", None),
        ("releases/v1.0.0", None),
        ("REL_2_0_RC1", None),
        ("1.0.0", None),
        ("latest", None),
        ("api-1.0.0", Some("api")),
        ("cli@1.3.0", Some("cli")),
        ("@acme/Cart@1.3.0", Some("@acme/cart")),
        ("s3-gateway-v1.4.0", Some("s3-gateway")),
        ("release-api-1.0.0", Some("api")),
        ("bun-v1.1.3", Some("bun")),
        ("go1.20", Some("go")),
    ] {
        assert_eq!(product_of(tag).as_deref(), product, "{tag}");
    }
}

#[test]
fn snapshot_is_in_development() {
    assert!(version("1.4.0-SNAPSHOT").is_development());
    assert!(version("1.5.0.dev3").is_development());
    assert!(!version("1.4.0-rc.1").is_development());
}

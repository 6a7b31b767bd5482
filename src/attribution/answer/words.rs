//! The words that answers about versions are made of, in lower case.

/// Words that deny what follows: "not in 1.3.2".
#[rustfmt::skip]
pub const NEGATIONS: &[&str] = &[
    "not", "no", "never", "cannot", "can't", "cant", "isn't", "isnt", "wasn't", "wasnt", "aren't", "doesn't",
    "doesnt", "didn't", "didnt", "don't", "dont", "won't", "without", "except", "excluding", "unlike",
    "neither", "nor", "unable",
];

/// Words after which a negation is none: "not sure", "not only".
#[rustfmt::skip]
pub const CANCELS: &[&str] = &[
    "sure", "certain", "know", "remember", "only", "just", "100", "limited", "yet",
];

/// Words that say that all is well: "works in 1.3.2".
#[rustfmt::skip]
pub const GOOD: &[&str] = &[
    "work", "works", "working", "worked", "fine", "ok", "okay", "good", "well", "unaffected", "fixed",
    "resolved", "solved", "correct", "correctly", "passes", "passed", "gone", "succeeds", "healthy",
    "downgrade", "downgraded", "downgrading", "rollback", "reverting", "previously", "formerly", "✅", "✓",
    "✔",
];

/// Words that say that the defect is there: "fails in 1.4.0".
#[rustfmt::skip]
pub const BAD: &[&str] = &[
    "affected", "affects", "affecting", "reproducible", "reproduce", "reproduces", "reproduced", "happen",
    "happens", "happening", "occur", "occurs", "present", "fail", "fails", "failing", "failed", "broken",
    "broke", "breaks", "crash", "crashes", "crashed", "bug", "buggy", "seen", "see", "found", "observed",
    "exist", "exists", "appear", "appears", "experienced", "impacted", "vulnerable", "regressed",
    "regression", "bad", "wrong", "❌",
];

/// Words that begin a statement of its own: "1.3.2, but 1.4.0".
#[rustfmt::skip]
pub const BREAKS: &[&str] = &[
    "but", "whereas", "while", "however", "although", "though", "because", "so", "yet",
];

/// Words that join the members of a list.
#[rustfmt::skip]
pub const JOINS: &[&str] = &[
    "and", "or", "also", "plus", "as", "well", "both", "either", "und", "et", "y",
];

/// Words after a version that open its range upwards: "1.3 and later".
#[rustfmt::skip]
pub const UPWARDS: &[&str] = &[
    "later", "newer", "up", "upwards", "upward", "above", "higher", "onward", "onwards", "on", "greater",
    "beyond", "after", "following", "forward", "forwards", "all", "every", "everything", "plus", "since",
    "newest", "latest",
];

/// Words after a version that open its range downwards: "1.3 and earlier".
#[rustfmt::skip]
pub const DOWNWARDS: &[&str] = &[
    "earlier", "older", "below", "lower", "before", "prior", "previous", "down", "under", "less",
];

/// Words between the ends of a range.
#[rustfmt::skip]
pub const THROUGH: &[&str] = &[
    "to", "through", "thru", "till", "until", "til", "upto", "bis", "up",
];

/// Words for the open end of a range: "from 1.3 to the latest".
#[rustfmt::skip]
pub const OPEN_ENDS: &[&str] = &[
    "latest", "newest", "current", "now", "today", "present", "main", "master", "head", "date", "nightly",
    "recent",
];

/// Words for what is built and not released.
#[rustfmt::skip]
pub const UNRELEASED: &[&str] = &[
    "main", "master", "head", "trunk", "develop", "development", "dev", "devel", "nightly", "nightlies",
    "canary", "edge", "tip", "snapshot", "unreleased", "source", "sources", "unstable", "tot", "git",
    "commit", "-dev",
];

/// Words that stand beside those and change nothing.
#[rustfmt::skip]
const UNRELEASED_FILLERS: &[&str] = &[
    "branch", "the", "build", "builds", "built", "version", "on", "from", "at", "of", "latest", "current",
    "today", "today's", "yesterday", "hash", "newest", "most", "recent", "self", "compiled", "local", "in",
    "a", "and", "as", "rev", "revision", "sha", "upstream", "origin", "release", "image", "docker", "tag",
    "using", "i", "am", "running", "not",
];

/// Words for the newest release.
const NEWEST: &[&str] = &["latest", "newest", "current", "recent", "up-to-date", "uptodate", "lts", "stable"];
#[rustfmt::skip]
const NEWEST_FILLERS: &[&str] = &[
    "the", "release", "released", "version", "most", "official", "production", "tag", "docker", "image",
    "from", "available", "app", "store", "of", "on", "in", "stable", "using", "i", "am", "running", "is",
    "latest", "as", "today", "up", "to", "date", "prod",
];

/// Words for every release.
const EVERY: &[&str] = &["all", "any", "every", "each", "everything"];
#[rustfmt::skip]
const EVERY_FILLERS: &[&str] = &[
    "versions", "version", "releases", "release", "of", "them", "the", "known", "supported", "recent", "so",
    "far", "since", "ever", "previous", "current", "stable", "in", "affected", "are", "it", "seems",
];

/// Words of grammar before a version, which are no name of a product.
#[rustfmt::skip]
const GRAMMAR: &[&str] = &[
    "in", "on", "at", "with", "using", "use", "used", "uses", "is", "was", "are", "were", "running", "run",
    "runs", "the", "a", "an", "of", "for", "from", "to", "and", "or", "i", "am", "i'm", "im", "my", "we",
    "our", "it", "its", "it's", "this", "that", "since", "after", "before", "between", "both", "also", "by",
    "via", "have", "has", "had", "tested", "tried", "installed", "installing", "upgraded", "upgrading",
    "upgrade", "updated", "updating", "update", "first", "started", "starting", "begin", "began", "noticed",
    "noticing", "confirmed", "verified", "currently", "still", "now", "only", "just", "even", "same", "issue",
    "problem", "error", "as", "until", "up", "through", "all", "any", "least", "last", "known", "than",
    "then", "when", "while", "but", "if", "be", "been", "down", "back", "again", "initially", "originally",
    "reported", "affected", "prior", "newer", "older", "later", "earlier", "above", "below", "latest",
    "newest", "current", "stable", "recent", "e.g", "eg", "i.e", "ie", "approximately", "about", "around",
    "maybe", "probably", "likely", "about", "not", "sure",
];

/// Words that name the thing without saying which one.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "version", "versions", "ver", "v", "release", "releases", "app", "application", "product", "software",
    "program", "image", "package", "library", "tool", "build", "tag", "branch", "line", "series", "number",
    "no", "your", "our", "server", "component", "community", "enterprise", "edition", "official",
    "self-hosted", "selfhosted", "hosted", "cloud", "lts", "ga",
];

/// Products that many answers name beside the one that the issue is about. A repository of one of these names is meant
/// itself.
#[rustfmt::skip]
const FOREIGN: &[&str] = &[
    "windows", "win", "macos", "mac", "osx", "os", "darwin", "linux", "ubuntu", "debian", "fedora", "centos",
    "rhel", "alpine", "arch", "archlinux", "manjaro", "mint", "suse", "opensuse", "rocky", "almalinux",
    "nixos", "gentoo", "kernel", "wsl", "wsl2", "android", "ios", "ipados", "iphone", "ipad", "sonoma",
    "ventura", "sequoia", "monterey", "freebsd", "openbsd", "chrome", "chromium", "firefox", "safari", "edge",
    "opera", "brave", "browser", "webkit", "gecko", "node", "nodejs", "node.js", "npm", "yarn", "pnpm", "bun",
    "deno", "python", "python3", "pip", "cpython", "ruby", "java", "jdk", "jre", "openjdk", "jvm", "kotlin",
    "scala", "gradle", "maven", "go", "golang", "goversion", "rust", "rustc", "cargo", "php", "perl",
    "dotnet", ".net", "net", "mono", "clang", "gcc", "llvm", "msvc", "cmake", "glibc", "musl", "typescript",
    "docker", "docker-compose", "compose", "podman", "containerd", "kubernetes", "k8s", "kubectl", "minikube",
    "k3s", "helm", "eks", "gke", "aks", "openshift", "postgres", "postgresql", "mysql", "mariadb", "sqlite",
    "redis", "mongodb", "elasticsearch", "nginx", "apache2", "openssl", "gpu", "nvidia", "cuda", "driver",
    "mesa", "vulkan", "opengl", "directx", "electron", "xcode", "provider", "plugin", "extension", "api",
    "protocol", "schema", "vscode", "intellij", "gnome", "kde", "x11", "wayland", "systemd", "bash", "zsh",
    "powershell", "homebrew", "brew", "conda", "git",
];

/// Word that ends a name and makes it an operating system or the like: "OS version".
pub fn is_foreign(word: &str) -> bool {
    FOREIGN.contains(&word)
}

pub fn is_grammar(word: &str) -> bool {
    GRAMMAR.contains(&word)
        || NEGATIONS.contains(&word)
        || CANCELS.contains(&word)
        || GOOD.contains(&word)
        || BAD.contains(&word)
        || BREAKS.contains(&word)
        || JOINS.contains(&word)
        || UNRELEASED.contains(&word)
}

pub fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word)
}

/// Returns `true` if a statement without a number means what is not released: "latest main".
pub fn means_unreleased(words: &[String]) -> bool {
    consists_of(words, UNRELEASED, UNRELEASED_FILLERS)
}

/// Returns `true` if a statement without a number means the newest release: "latest stable".
pub fn means_newest(words: &[String]) -> bool {
    consists_of(words, NEWEST, NEWEST_FILLERS)
}

/// Returns `true` if a statement without a number means every release: "all versions".
pub fn means_every(words: &[String]) -> bool {
    consists_of(words, EVERY, EVERY_FILLERS)
}

/// Returns `true` if one word at least is of the first list, and every other one of one of both. A commit id counts as a
/// filler.
fn consists_of(words: &[String], meant: &[&str], fillers: &[&str]) -> bool {
    let is = |word: &String, list: &[&str]| list.contains(&word.as_str());
    words.iter().any(|word| is(word, meant))
        && words.iter().all(|word| is(word, meant) || is(word, fillers) || is_commit_id(word))
}

/// Returns `true` for an abbreviated or full commit id.
pub fn is_commit_id(word: &str) -> bool {
    let is_hex = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    (7..=64).contains(&word.len()) && is_hex && word.bytes().any(|byte| byte.is_ascii_digit())
}

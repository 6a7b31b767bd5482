//! The server that commits are read from: its address, and the right to read there.

use std::fmt;
use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Seconds without a single byte after which a transfer ends by itself. A program that is stopped from outside leaves its
/// helpers behind; this ends them.
const SILENCE: &str = "http.lowSpeedTime=30";

/// Settings for talking to a server. A later `-c` wins over every file.
const SETTINGS: [&str; 16] = [
    // A redirect could lead the token to another server.
    "http.followRedirects=false",
    "http.lowSpeedLimit=1",
    SILENCE,
    "http.sslVerify=true",
    // The server gets nothing of the user's but the token.
    "http.cookieFile=",
    "http.saveCookies=false",
    "http.emptyAuth=false",
    "http.delegation=none",
    "protocol.version=2",
    // A server chooses this address, which can be any host.
    "transfer.bundleURI=false",
    "transfer.credentialsInUrl=die",
    "fetch.recurseSubmodules=false",
    // With it, Git walks through the history of every branch that moved, only to print a mark.
    "fetch.showForcedUpdates=false",
    "fetch.writeCommitGraph=false",
    // Always a pack: thousands of files with one commit each would be slow to read.
    "fetch.unpackLimit=1",
    // A clone that a crash damages is made again.
    "core.fsync=none",
];

/// A repository on a server, and the right to read it. It never shows its token.
#[derive(Clone, PartialEq, Eq)]
pub struct Remote {
    server: String,
    address: String,
    token: Option<String>,
    certificates: Option<PathBuf>,
}

/// An address that no repository is read from. The text is untrusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid address of a repository `{address}`: use {expected}")]
pub struct RemoteError {
    address: String,
    expected: &'static str,
}

impl Remote {
    /// The repository `owner/name` of a server such as `https://github.com`.
    ///
    /// # Errors
    /// If the server is no plain `http` or `https` address, or the name has characters that no repository's has.
    pub fn new(server: &str, owner: &str, name: &str) -> Result<Self, RemoteError> {
        let server = server.trim_end_matches('/');
        let error = |expected| RemoteError { address: printable_address(server, owner, name), expected };
        let host = server.strip_prefix("https://").or_else(|| server.strip_prefix("http://"));
        let host = host.filter(|host| !host.is_empty() && !host.starts_with(['/', '-']));
        let host = host.ok_or_else(|| error("an address such as `https://github.com`"))?;
        // No user, no query, and nothing that ends a line or a quotation in a configuration.
        if !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:/[]".contains(&byte)) {
            return Err(error("an address without a user, such as `https://github.com`"));
        }
        if !is_repository_name(owner) || !is_repository_name(name) {
            return Err(error("`owner/name`"));
        }
        let address = format!("{server}/{owner}/{name}.git");
        Ok(Self { server: server.to_owned(), address, token: None, certificates: None })
    }

    /// The same with a token, which goes to this server only.
    #[must_use]
    pub fn with_token(self, token: Option<&str>) -> Self {
        let token = token.map(str::trim).filter(|token| !token.is_empty()).map(str::to_owned);
        Self { token, ..self }
    }

    /// The same with a file of certificates in place of the machine's.
    #[must_use]
    pub fn with_certificates(self, file: Option<PathBuf>) -> Self {
        Self { certificates: file, ..self }
    }

    /// Address, for example `https://github.com/octo/shop.git`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// `true` if an address that a clone was made from leads to this repository, by `https`, `ssh` or `git`.
    pub fn is_at(&self, address: &str) -> bool {
        let own = split_address(&self.address);
        own.is_some() && own == split_address(address)
    }

    /// A name for a folder that holds what was read from here.
    pub(super) fn folder_name(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '_' };
        // GitHub ignores the case of owner and name.
        self.address.to_ascii_lowercase().chars().map(plain).collect()
    }

    /// Prepares a run that talks to this server.
    pub(super) fn prepare(&self, command: &mut Command) {
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        if let Some(file) = &self.certificates {
            command.env("GIT_SSL_CAINFO", file);
        }
        if let Some(header) = self.header() {
            // By environment: other users of the machine can read a command line.
            command
                .env("GIT_CONFIG_COUNT", "1")
                .env("GIT_CONFIG_KEY_0", format!("http.{}/.extraHeader", self.server))
                .env("GIT_CONFIG_VALUE_0", format!("Authorization: Basic {header}"));
        }
    }

    /// A message without the token, in whatever form the server sends it back.
    pub(super) fn redact(&self, message: &str) -> String {
        let secrets = [self.token.clone(), self.header()];
        secrets.iter().flatten().fold(message.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
    }

    fn header(&self) -> Option<String> {
        // As in actions/checkout: for Git, GitHub takes a token as the password of this user.
        self.token.as_ref().map(|token| STANDARD.encode(format!("x-access-token:{token}")))
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Remote({})", self.address)
    }
}

/// `true` for a part of `owner/name`.
fn is_repository_name(part: &str) -> bool {
    !matches!(part, "" | "." | "..")
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

/// An address without a user, cut to a line.
fn printable_address(server: &str, owner: &str, name: &str) -> String {
    let (scheme, rest) = server.split_once("://").unwrap_or(("", server));
    let host = rest.rsplit('@').next().unwrap_or(rest);
    format!("{scheme}://{host}/{owner}/{name}").chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Host and path of an address in lower case: `https://github.com/Octo/shop.git`, `git@github.com:octo/shop`,
/// `ssh://git@github.com/octo/shop` and the like. A port belongs to the host, except that of ssh.
fn split_address(address: &str) -> Option<(String, String)> {
    let address = address.trim().to_ascii_lowercase();
    let (host, path) = match address.split_once("://") {
        Some(("http" | "https", rest)) => {
            let (host, path) = rest.split_once('/')?;
            (host.rsplit('@').next()?, path)
        }
        Some(("ssh" | "git" | "git+ssh" | "ssh+git", rest)) => {
            let (host, path) = rest.split_once('/')?;
            (host.rsplit('@').next()?.split(':').next()?, path)
        }
        Some(_) => return None,
        None => {
            let (host, path) = address.split_once(':')?;
            (host.rsplit('@').next()?, path)
        }
    };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let is_whole = !host.is_empty() && !host.contains('/') && path.contains('/');
    is_whole.then(|| (host.to_owned(), path.to_owned()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn shop() -> Remote {
        Remote::new("https://github.com/", "Octo", "shop").unwrap()
    }

    #[test]
    fn address_names_repository_on_server() {
        assert_eq!(shop().address(), "https://github.com/Octo/shop.git");
        let enterprise = Remote::new("http://127.0.0.1:8080/git", "o", "a.b").unwrap();
        assert_eq!(enterprise.address(), "http://127.0.0.1:8080/git/o/a.b.git");
    }

    #[test]
    fn hostile_address_is_an_error() {
        for (server, owner, name) in [
            ("ssh://github.com", "o", "n"),
            ("file:///etc", "o", "n"),
            ("ext::sh -c id", "o", "n"),
            ("--upload-pack=id", "o", "n"),
            ("https://", "o", "n"),
            ("https://user:secret@github.com", "o", "n"),
            ("https://github.com\"\n[core]\nx=y", "o", "n"),
            ("https://github.com", "..", "n"),
            ("https://github.com", "o", "n\"x"),
            ("https://github.com", "o", "a/b"),
            ("https://github.com", "", "n"),
        ] {
            let error = Remote::new(server, owner, name).unwrap_err().to_string();
            assert!(!error.contains("secret") && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn checkout_address_in_any_scheme_is_the_same_place() {
        for address in [
            "https://github.com/octo/shop",
            "https://x-access-token:t@github.com/octo/Shop.git",
            "git@github.com:octo/shop.git",
            "ssh://git@github.com:22/octo/shop/",
        ] {
            assert!(shop().is_at(address), "{address}");
        }
        for address in [
            "https://github.com/octo/shop2",
            "https://github.com.evil.example/octo/shop",
            "https://evil.example/github.com/octo/shop",
            "/github.com/octo/shop",
            "../shop",
            "",
        ] {
            assert!(!shop().is_at(address), "{address}");
        }
    }

    #[test]
    fn token_never_shows() {
        let remote = shop().with_token(Some("ghs_secret"));
        let header = remote.header().unwrap();
        assert!(!format!("{remote:?}").contains("secret"));
        assert_eq!(remote.redact(&format!("you sent ghs_secret as {header}")), "you sent *** as ***");
    }
}

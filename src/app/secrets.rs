//! Hides secrets in all output: a server may return a token, and a library or a panic may quote an address.
//!
//! The types keep secrets to themselves ([`crate::github::AccessToken`], [`crate::github::Proxy`]); this is the net below them,
//! at the one place where lines leave the program.

use std::panic::PanicHookInfo;

use crate::ci::Env;

/// Variables that may hold a token, the most specific first.
pub const TOKENS: [&str; 3] = ["ESCAPE_GATE_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"];

/// Variables that may hold a proxy, the most specific first.
pub const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The secrets of a run.
#[derive(Clone, Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// Every token of the environment, the used one and the others, and what stands before the host of a proxy.
    pub fn of(env: Env<'_>) -> Self {
        let tokens = TOKENS.iter().filter_map(|name| env(name)).map(|token| token.trim().to_owned());
        let proxies = PROXIES.iter().filter_map(|name| env(name)).filter_map(|proxy| {
            // The last `@`: a password may contain one.
            let (before, _) = proxy.rsplit_once('@')?;
            let credentials = before.split_once("://").map_or(before, |(_, credentials)| credentials);
            Some(credentials.split_once(':').map_or(credentials, |(_, password)| password).to_owned())
        });
        let mut all: Vec<String> = tokens.chain(proxies).filter(|secret| !secret.is_empty()).collect();
        // One may be the beginning of another, whose end would stay.
        all.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(all)
    }

    /// The text without them.
    pub fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }

    /// Returns the message of a panic. Its own text stays, since nothing else shows the cause.
    pub fn last_words(&self, info: &PanicHookInfo<'_>) -> String {
        self.hide(&format!("internal error, which is a bug of Escape Gate: {info}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    #[test]
    fn no_token_and_no_password_is_in_what_is_said() {
        let env = |name: &str| {
            let value = match name {
                "GITHUB_TOKEN" => " ghs_abc\n",
                "GH_TOKEN" => "ghs_abcdef",
                "HTTPS_PROXY" => "http://user:pa/ss@proxy:3128",
                "all_proxy" => "name:w0rd@other",
                "https_proxy" => "http://proxy:3128",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let secrets = Secrets::of(&env);
        assert_eq!(
            secrets.hide("Bearer ghs_abc, ghs_abcdef, http://user:pa/ss@proxy:3128, w0rd"),
            "Bearer ***, ***, http://user:***@proxy:3128, ***"
        );
        assert_eq!(Secrets::of(&|_| Some(String::new())).hide("unchanged"), "unchanged");
    }
}

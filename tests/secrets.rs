//! Tokens and passwords: whatever goes wrong, they are not in what is shown.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::{Arc, Mutex};

use escape_gate::app::secrets::{PROXIES, Secrets, TOKENS};
use escape_gate::github::{AccessToken, Client, Config, Proxy};

const TOKEN: &str = "ghs_1234567890abcdef";
const PASSWORD: &str = "pass/w?rd#1";

/// A configuration with every secret there is.
fn config(api: &str) -> Config {
    let usual = Config::new(api, None, Some(AccessToken::new(TOKEN).unwrap()));
    Config { proxy: Some(Proxy::new(format!("http://user:{PASSWORD}@proxy.example:3128"))), ..usual }
}

#[test]
fn a_panic_says_where_and_shows_no_secret() {
    let env = |name: &str| {
        let value =
            if TOKENS.contains(&name) { TOKEN.to_owned() } else { format!("http://user:{PASSWORD}@h") };
        (TOKENS.contains(&name) || PROXIES.contains(&name)).then_some(value)
    };
    let secrets = Secrets::of(&env);
    let said = Arc::new(Mutex::new(String::new()));
    let into = said.clone();
    std::panic::set_hook(Box::new(move |info| into.lock().unwrap().push_str(&secrets.last_words(info))));
    let caught = std::panic::catch_unwind(|| panic!("header `Bearer {TOKEN}` by http://user:{PASSWORD}@h"));
    drop(std::panic::take_hook());
    assert!(caught.is_err());
    let said = said.lock().unwrap();
    assert!(said.contains("header `Bearer ***` by http://user:***@h"), "{said}");
    assert!(said.contains("tests/secrets.rs:"), "{said}");
}

#[test]
fn debugging_a_configuration_shows_no_secret() {
    let shown = format!("{:?} {:#?}", config("https://ghe.example/api/v3"), config("https://ghe.example"));
    assert!(shown.contains("proxy.example:3128"), "{shown}");
    assert!(!shown.contains(TOKEN) && !shown.contains("w?rd") && !shown.contains("pass"), "{shown}");
}

#[test]
fn an_address_with_a_password_is_refused_without_being_shown() {
    for api in [
        "https://mona:secret@ghe.example/api/v3",
        "https://mona:secr/et@ghe.example/api/v3",
        "https://mona:secr?et@ghe.example",
        "mona:secret@ghe.example",
    ] {
        let error = Client::new(config(api), Box::new(|line| assert!(!line.contains("secr"), "{line}")));
        let error = error.err().map(|error| format!("{error} {error:?}")).expect(api);
        assert!(error.contains("credentials") && !error.contains("secr"), "{error}");
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_named_without_its_password() {
    for proxy in [
        "socks5://user:secret@proxy.example:1080",
        "https://user:sec/ret@proxy.example",
        "http://user:secret@",
        "user:sec ret@proxy .example",
    ] {
        let config =
            Config { proxy: Some(Proxy::new(proxy.to_owned())), ..config("https://ghe.example/api/v3") };
        let error = Client::new(config, Box::new(|_| {})).err().map(|error| format!("{error} {error:?}"));
        let error = error.expect(proxy);
        assert!(error.contains("HTTPS_PROXY") && !error.contains("sec"), "{error}");
    }
}

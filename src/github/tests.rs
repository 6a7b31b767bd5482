//! Tests of the client: retries, limits, redirects, errors.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use serde_json::json;
use wiremock::ResponseTemplate;

use super::testing::{Fake, TOKEN};
use super::{AccessToken, ApiError, Client, Config, Permissions, RateLimit, percent_encode, url::next_link};

fn ok() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "fine": true }))
}

fn failing(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "message": "no" }))
}

#[test]
fn a_token_never_shows_itself() {
    let token = AccessToken::new(&format!(" {TOKEN}\n")).unwrap();
    let config = Config::new("https://api.github.com", None, Some(token.clone()));
    for text in [format!("{token}"), format!("{token:?}"), format!("{config:?}")] {
        assert!(!text.contains("SECRET"), "{text}");
    }
    assert!(AccessToken::new("two words").is_err());
    assert!(AccessToken::new("  ").is_err());
}

#[test]
fn graphql_stands_beside_the_rest_api() {
    for (api, graphql) in [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://ghe.example.com/api/v3/", "https://ghe.example.com/api/graphql"),
    ] {
        assert_eq!(Config::new(api, None, None).graphql_url, graphql);
    }
}

#[test]
fn enterprise_paths_are_kept_apart() {
    let fake = Fake::start();
    fake.on("GET", "/api/v3/repos/a/b", 200, &json!({ "name": "b" }));
    fake.on("POST", "/api/graphql", 200, &json!({ "data": { "a": 1 } }));
    let url = format!("{}/api/v3", fake.url());
    let config = Config { budget: Duration::from_secs(3), ..Config::new(&url, None, None) };
    let client = fake.client_with(config);
    assert_eq!(client.get("/repos/a/b").unwrap().json["name"], "b");
    assert_eq!(client.graphql("{ a }", &json!({})).unwrap().data["a"], 1);
}

#[test]
fn an_address_that_could_leak_or_mislead_is_refused() {
    let make = |url: &str| Client::new(Config::new(url, None, None), Box::new(|_| {}));
    for url in ["ftp://host", "api.github.com", "https://", "https://user:SECRET@host/", "https://a b"] {
        let error = make(url).err().unwrap().to_string();
        assert!(error.contains("cannot be used") && !error.contains("SECRET"), "{error}");
    }
}

#[test]
fn every_page_is_read_once_and_only_on_the_same_host() {
    let fake = Fake::start();
    let other = Fake::start();
    let next =
        |to: String| ok().insert_header("link", format!("<{to}>; rel=\"next\", <x>; rel=\"last\"").as_str());
    fake.times(1, "GET", "/list", next(format!("{}/list?page=2", fake.url())));
    fake.times(1, "GET", "/list", ok());
    let client = fake.client();
    assert_eq!(client.pages("/list?per_page=100").filter(Result::is_ok).count(), 2);

    fake.times(1, "GET", "/away", next(format!("{}/list", other.url())));
    let answers: Vec<_> = client.pages("/away").collect();
    assert!(matches!(answers.as_slice(), [Err(ApiError::Redirected { .. })]), "{answers:?}");
    assert!(other.requests().is_empty());

    fake.times(9, "GET", "/circle", next("/circle".to_owned()));
    let last = client.pages("/circle").last().unwrap();
    assert!(matches!(last, Err(ApiError::Garbled { .. })), "{last:?}");
}

#[test]
fn a_read_recovers_from_what_passes() {
    for status in [429, 500, 502, 503, 504] {
        let fake = Fake::start();
        fake.times(1, "GET", "/x", failing(status));
        fake.times(1, "GET", "/x", ok());
        assert_eq!(fake.client().get("/x").unwrap().json["fine"], true, "{status}");
        assert_eq!(fake.requests().len(), 2, "{status}");
        assert!(fake.log.borrow()[0].contains("waiting"), "each wait is logged");
    }
}

#[test]
fn a_read_that_keeps_failing_is_an_error_and_never_empty() {
    for status in [500, 503] {
        let fake = Fake::start();
        fake.on("GET", "/x", status, &json!({ "message": "no" }));
        let error = fake.client().get("/x?secret=1").unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("GET /x: the server failed (status {status}): no (gave up after 4 attempts)")
        );
        assert_eq!(fake.requests().len(), 4);
    }
}

#[test]
fn a_refusal_is_not_repeated() {
    for status in [400, 401, 403, 404, 410, 422] {
        let fake = Fake::start();
        fake.on("GET", "/x", status, &json!({ "message": "no" }));
        assert!(fake.client().get("/x").is_err());
        assert_eq!(fake.requests().len(), 1, "{status}");
    }
}

#[test]
fn limits_are_told_from_refusals() {
    let limited = |answer: ResponseTemplate| {
        let fake = Fake::start();
        fake.times(9, "GET", "/x", answer);
        let client = fake.client_with(Config { budget: Duration::from_millis(900), ..fake.config() });
        let error = client.get("/x").unwrap_err();
        if let ApiError::RateLimited { limit, wait, .. } = error.cause() {
            Some((*limit, *wait))
        } else {
            None
        }
    };
    let worded = |words: &str| ResponseTemplate::new(403).set_body_json(json!({ "message": words }));
    let reset = (jiff::Timestamp::now().as_second() + 600).to_string();
    let primary = worded("API rate limit exceeded for installation ID 1.")
        .insert_header("x-ratelimit-remaining", "0")
        .insert_header("x-ratelimit-reset", reset.as_str());
    let (limit, wait) = limited(primary).unwrap();
    assert_eq!(limit, RateLimit::Primary);
    assert!(wait.unwrap() > Duration::from_secs(500));

    let told = worded("You have exceeded a secondary rate limit.").insert_header("retry-after", "7");
    assert_eq!(limited(told), Some((RateLimit::Secondary, Some(Duration::from_secs(7)))));
    assert_eq!(
        limited(worded("You have exceeded a secondary rate limit.")),
        Some((RateLimit::Secondary, None))
    );
    assert_eq!(limited(worded("Resource not accessible by integration")), None);
}

#[test]
fn a_limit_without_a_time_is_waited_for_longer_each_time() {
    let fake = Fake::start();
    let words = json!({ "message": "You have exceeded a secondary rate limit" });
    fake.times(2, "GET", "/x", ResponseTemplate::new(403).set_body_json(words));
    fake.times(1, "GET", "/x", ok());
    assert!(fake.client().get("/x").is_ok());
    assert_eq!(fake.log.borrow().len(), 2);
}

#[test]
fn a_write_is_sent_once_whatever_happens() {
    for status in [403, 429, 500, 502, 503] {
        let fake = Fake::start();
        for verb in ["POST", "PATCH", "DELETE"] {
            fake.on(verb, "/x", status, &json!({ "message": "secondary rate limit" }));
        }
        let client = fake.client();
        assert!(client.post("/x", &json!({})).is_err());
        assert!(client.patch("/x", &json!({})).is_err());
        assert!(client.delete("/x").is_err());
        assert_eq!(fake.rest(), ["POST /x", "PATCH /x", "DELETE /x"], "{status}");
    }
}

#[test]
fn a_write_never_turns_into_a_read_on_a_redirect() {
    let fake = Fake::start();
    fake.times(1, "POST", "/x", ResponseTemplate::new(302).insert_header("location", "/y"));
    fake.times(1, "POST", "/moved", ResponseTemplate::new(307).insert_header("location", "/here"));
    fake.on("POST", "/here", 201, &json!({}));
    let client = fake.client();
    assert!(client.post("/x", &json!({})).is_err());
    assert_eq!(client.post("/moved", &json!({})).unwrap().status, 201);
    assert_eq!(fake.rest(), ["POST /x", "POST /moved", "POST /here"]);
}

#[test]
fn the_token_goes_to_the_configured_host_only() {
    let (fake, other) = (Fake::start(), Fake::start());
    let away = format!("{}/y?token={TOKEN}", other.url());
    fake.times(1, "GET", "/x", ResponseTemplate::new(302).insert_header("location", away.as_str()));
    fake.times(1, "GET", "/x", ResponseTemplate::new(302).insert_header("location", "/z"));
    fake.on("GET", "/z", 200, &json!({}));
    let client = fake.client();
    let error = client.get("/x").unwrap_err();
    assert!(matches!(error, ApiError::Redirected { .. }) && !error.to_string().contains("SECRET"), "{error}");
    assert!(client.get("/x").is_ok());
    assert!(other.requests().is_empty());
    let asked = fake.requests();
    assert!(
        asked.iter().all(|request| request.headers["authorization"] == format!("Bearer {TOKEN}").as_str())
    );
}

#[test]
fn token_in_a_response_reaches_no_error_or_log() {
    let fake = Fake::start();
    let echo = json!({ "message": format!("bad credentials: Bearer {TOKEN}") });
    for (path, status) in [("/a", 401), ("/b", 403), ("/c", 422), ("/d", 500), ("/e", 429)] {
        fake.on("GET", path, status, &echo);
    }
    fake.graphql_answer("{", &json!({ "data": null, "errors": [echo] }));
    let client = fake.client_with(Config { budget: Duration::from_millis(300), ..fake.config() });
    for path in ["/a", "/b", "/c", "/d", "/e"] {
        let error = client.get(path).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("SECRET"), "{error:?}");
    }
    client.grant(Duration::from_secs(5));
    let answer = client.graphql("{ a }", &json!({})).unwrap();
    assert!(!answer.errors[0].to_string().contains("SECRET"));
    assert!(fake.log.borrow().iter().all(|line| !line.contains("SECRET")));
}

#[test]
fn a_refusal_names_the_permission_that_is_missing() {
    let fake = Fake::start();
    let refusal =
        failing(403).insert_header("x-accepted-github-permissions", "issues=write; pull_requests=write");
    fake.times(1, "POST", "/x", refusal);
    let error = fake.client().post("/x", &json!({})).unwrap_err();
    let words = "the job's `permissions:` block needs `issues: write` or `pull-requests: write`";
    assert!(error.to_string().ends_with(words), "{error}");
    assert_eq!(error.permissions().unwrap().block(), "permissions:\n  issues: write\n");
    assert_eq!(Permissions::parse("metadata=read"), None);
    assert_eq!(Permissions::parse("<b>=x"), None);
}

#[test]
fn a_refusal_for_another_reason_sends_nobody_after_permissions() {
    for words in
        ["Unable to create comment because issue is locked.", "Repository was archived so is read-only."]
    {
        let fake = Fake::start();
        let refusal = ResponseTemplate::new(403).set_body_json(json!({ "message": words }));
        fake.times(1, "POST", "/x", refusal.insert_header("x-accepted-github-permissions", "issues=write"));
        let error = fake.client().post("/x", &json!({})).unwrap_err();
        assert!(error.permissions().is_none() && error.to_string().contains(words), "{error}");
    }
}

#[test]
fn no_spelling_of_a_redirect_leads_to_another_host() {
    for target in
        ["//evil.test/", "https://evil.test/", "http://127.0.0.1@evil.test/", "evil.test", "ftp://x/"]
    {
        let fake = Fake::start();
        fake.times(1, "GET", "/x", ResponseTemplate::new(301).insert_header("location", target));
        let error = fake.client().get("/x").unwrap_err();
        assert!(matches!(error, ApiError::Redirected { .. }), "{target}: {error}");
    }
}

#[test]
fn a_partial_graphql_answer_shows_both_parts() {
    let fake = Fake::start();
    let error = json!({ "type": "FORBIDDEN", "path": ["a", 0], "message": "Resource not accessible" });
    fake.graphql_answer("{", &json!({ "data": { "a": null, "b": 1 }, "errors": [error] }));
    let answer = fake.client().graphql("{ a b }", &json!({})).unwrap();
    assert_eq!(answer.data["b"], 1);
    assert_eq!(answer.errors[0].to_string(), "a.0: Resource not accessible (FORBIDDEN)");
}

#[test]
fn graphql_failures_that_pass_are_repeated() {
    for words in [
        "API rate limit already exceeded for user ID 1.",
        "You have exceeded a secondary rate limit.",
        "Something went wrong while executing your query. This may be the result of a timeout",
    ] {
        let fake = Fake::start();
        let refusal = json!({ "data": null, "errors": [{ "message": words }] });
        fake.times(1, "POST", "/graphql", ResponseTemplate::new(200).set_body_json(refusal));
        fake.graphql("{", &json!({ "a": 1 }));
        assert_eq!(fake.client().graphql("{ a }", &json!({})).unwrap().data["a"], 1, "{words}");
    }
}

#[test]
fn what_is_no_graphql_answer_is_an_error() {
    for body in ["<html>", "{}", "{\"data\": null}", "{\"data\": {\"a\"", "[]", ""] {
        let fake = Fake::start();
        fake.times(9, "POST", "/graphql", ResponseTemplate::new(200).set_body_string(body));
        let error = fake.client().graphql("{ a }", &json!({})).unwrap_err();
        assert!(matches!(error.cause(), ApiError::Garbled { .. }), "{body}: {error}");
    }
}

#[test]
fn a_heavy_query_comes_back_soon_so_that_less_can_be_asked() {
    let fake = Fake::start();
    fake.on("POST", "/graphql", 502, &json!({}));
    assert!(fake.client().graphql("{ a }", &json!({})).unwrap_err().is_too_heavy());
    assert_eq!(fake.requests().len(), 2);
}

/// A server that reads a request and answers these bytes, one connection each, then hangs up.
fn cut_off(answers: Vec<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn a_connection_cut_anywhere_is_repeated_for_reads() {
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n{\"half\":";
    let fake = Fake::start();
    for answers in [vec!["", whole], vec![half, whole], vec!["HTTP/1.1 200", half, whole]] {
        let config = Config { graphql_url: fake.url(), api_url: cut_off(answers), ..fake.config() };
        assert_eq!(fake.client_with(config).get("/x").unwrap().json, json!({}));
    }
}

#[test]
fn a_server_that_never_answers_costs_no_more_than_the_budget() {
    let fake = Fake::start();
    fake.times(9, "GET", "/x", ok().set_delay(Duration::from_secs(30)));
    let config = Config { budget: Duration::from_millis(300), ..fake.config() };
    let started = std::time::Instant::now();
    assert!(fake.client_with(config).get("/x").is_err());
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn after_the_budget_nothing_is_asked_until_time_is_granted() {
    let fake = Fake::start();
    fake.on("GET", "/x", 200, &json!({}));
    let client = fake.client_with(Config { budget: Duration::ZERO, ..fake.config() });
    assert!(matches!(client.get("/x"), Err(ApiError::OutOfTime { .. })));
    assert!(fake.requests().is_empty());
    client.grant(Duration::from_secs(5));
    assert!(client.get("/x").is_ok());
}

#[test]
fn answer_without_an_end_is_given_up_at_a_size() {
    let fake = Fake::start();
    fake.times(1, "GET", "/endless", ResponseTemplate::new(200).set_body_bytes(vec![b' '; 65 << 20]));
    let error = fake.client_with(Config { attempts: 1, ..fake.config() }).get("/endless").unwrap_err();
    assert!(error.to_string().contains("the answer is larger than 64 MiB"), "{error}");
}

#[test]
fn links_and_paths_are_read_and_written_as_the_standards_say() {
    assert_eq!(next_link("<a>; rel=\"prev\", <b,c>; rel=\"next\""), Some("b,c"));
    assert_eq!(next_link("<a>; rel=prev"), None);
    assert_eq!(next_link("<a>; title=\"x\"; rel=next"), Some("a"));
    assert_eq!(percent_encode("release/v1 ü#?"), "release%2Fv1%20%C3%BC%23%3F");
}

//! A web server on this machine that runs `git http-backend`, and misbehaves as told.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Response of the server to a request.
#[derive(Debug, Clone)]
pub enum Behavior {
    /// Runs Git for everybody.
    Open,
    /// Runs Git for requests with this `Authorization` header.
    Private(String),
    /// Accepts requests and never answers.
    Silent,
    /// Sends a response without an end, a few bytes at a time.
    Endless,
    /// Leads to another address.
    Redirect(String),
    /// Answers this number of requests with this status, then runs Git.
    Failing(u32, u16),
    /// Answers with this status, and sends the request's headers back.
    Status(u16),
}

/// A running server. It ends with the program.
pub struct GitServer {
    address: SocketAddr,
    behavior: Arc<Mutex<Behavior>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl GitServer {
    /// Serves the repositories in a folder.
    pub fn start(root: &Path, behavior: Behavior) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let behavior = Arc::new(Mutex::new(behavior));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (root, how, seen) = (root.to_owned(), Arc::clone(&behavior), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (root, how, seen) = (root.clone(), Arc::clone(&how), Arc::clone(&seen));
                thread::spawn(move || serve_request(stream, &root, &how, &seen));
            }
        });
        Self { address, behavior, requests }
    }

    /// Address of the server, for example `http://127.0.0.1:4711`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Behaves in another way from now on.
    pub fn behave(&self, behavior: Behavior) {
        *self.behavior.lock().unwrap() = behavior;
    }

    /// First line and headers of every request so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// A request: its first line, headers and body.
struct Request {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn read(stream: &TcpStream) -> Option<Self> {
        let mut from = BufReader::new(stream);
        let mut line = String::new();
        from.read_line(&mut line).ok()?;
        let mut words = line.split_whitespace();
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            from.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let (path, query) = (path.to_owned(), query.to_owned());
        let mut request = Self { method, path, query, headers, body: Vec::new() };
        if request.header("expect").is_some() {
            (&*stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
        }
        if request.header("transfer-encoding").is_some() {
            loop {
                let mut size = String::new();
                from.read_line(&mut size).ok()?;
                let size = usize::from_str_radix(size.trim(), 16).ok()?;
                let mut chunk = vec![0; size + 2];
                from.read_exact(&mut chunk).ok()?;
                request.body.extend_from_slice(&chunk[..size]);
                if size == 0 {
                    break;
                }
            }
        } else if let Some(length) = request.header("content-length").and_then(|text| text.parse().ok()) {
            request.body = vec![0; length];
            from.read_exact(&mut request.body).ok()?;
        }
        Some(request)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn text(&self) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        format!("{} {}?{}\n{headers}", self.method, self.path, self.query)
    }
}

fn serve_request(
    mut stream: TcpStream,
    root: &Path,
    behavior: &Mutex<Behavior>,
    seen: &Mutex<Vec<String>>,
) -> Option<()> {
    let request = Request::read(&stream)?;
    seen.lock().unwrap().push(request.text());
    let behavior = {
        let mut next = behavior.lock().unwrap();
        let now = next.clone();
        if let Behavior::Failing(times, _) = &mut *next {
            *times = times.saturating_sub(1);
        }
        now
    };
    match behavior {
        Behavior::Failing(1.., status) => send_status(&mut stream, status, "", ""),
        Behavior::Open | Behavior::Failing(0, _) => run_git(&mut stream, root, &request),
        Behavior::Private(header) if request.header("authorization") == Some(&header) => {
            run_git(&mut stream, root, &request)
        }
        Behavior::Private(_) => {
            send_status(&mut stream, 401, "WWW-Authenticate: Basic realm=\"git\"\r\n", "")
        }
        Behavior::Silent => {
            thread::sleep(Duration::from_secs(60));
            None
        }
        Behavior::Endless => {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n\r\n";
            stream.write_all(head.as_bytes()).ok()?;
            stream.write_all(b"001e# service=git-upload-pack\n0000").ok()?;
            loop {
                stream.write_all(b"000eversion 2\n").ok()?;
                thread::sleep(Duration::from_millis(20));
            }
        }
        Behavior::Redirect(to) => {
            let location = format!("Location: {to}{}?{}\r\n", request.path, request.query);
            send_status(&mut stream, 302, &location, "")
        }
        Behavior::Status(status) => send_status(&mut stream, status, "", &request.text()),
    }
}

fn send_status(stream: &mut TcpStream, status: u16, headers: &str, body: &str) -> Option<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} No\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).ok()
}

/// Hands a request to Git, and its answer back.
fn run_git(stream: &mut TcpStream, root: &Path, request: &Request) -> Option<()> {
    let mut command = Command::new("git");
    let variables = [
        ("REQUEST_METHOD", request.method.as_str()),
        ("PATH_INFO", &request.path),
        ("QUERY_STRING", &request.query),
        ("CONTENT_TYPE", request.header("content-type").unwrap_or("")),
        ("HTTP_CONTENT_ENCODING", request.header("content-encoding").unwrap_or("")),
        ("GIT_PROTOCOL", request.header("git-protocol").unwrap_or("")),
        ("GIT_HTTP_EXPORT_ALL", "1"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("REMOTE_ADDR", "127.0.0.1"),
    ];
    let mut child = command
        .args(["-c", "safe.directory=*", "http-backend"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("GIT_PROJECT_ROOT", root)
        .envs(variables)
        .env("CONTENT_LENGTH", request.body.len().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("this test needs git: `apt-get install git`, `brew install git`, or https://git-scm.com");
    let sent = relay(stream, &mut child, request.body.clone());
    drop(child.kill());
    drop(child.wait());
    sent
}

/// Hands the body to a program, and what it writes to the client.
fn relay(stream: &mut TcpStream, child: &mut Child, body: Vec<u8>) -> Option<()> {
    let (mut to, out) = (child.stdin.take()?, child.stdout.take()?);
    thread::spawn(move || drop(to.write_all(&body)));
    let mut out = BufReader::with_capacity(64 << 10, out);
    let (mut status, mut headers) = ("200 OK".to_owned(), String::new());
    loop {
        let mut line = String::new();
        out.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some(("Status", value)) => status = value.to_owned(),
            Some(_) => headers.push_str(&line),
            None => break,
        }
    }
    stream.write_all(format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n").as_bytes()).ok()?;
    std::io::copy(&mut out, stream).ok().map(drop)
}

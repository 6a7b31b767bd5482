//! Shell scripts of `run:` steps, as a list of simple commands.
//!
//! This is no shell. It splits a script at operators, keeps quotes, `$( )` and `${{ }}` together, and skips comments and
//! here-documents. That is enough to see which program runs with which arguments, and what becomes of its exit code.

mod exit_code;

pub use exit_code::{ExitLoss, loses_exit_code};

/// The operator in front of or behind a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// End of line or `;`, or the start or end of the script.
    End,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|` or `|&`
    Pipe,
    /// `&`
    Background,
    /// `(`, `)`, `{` or `}`
    Group,
}

/// A simple command.
#[derive(Debug, Clone)]
pub struct ShellCommand {
    /// Words without quotes; keywords, assignments and wrappers such as `sudo` and `npx` are left out.
    pub words: Vec<String>,
    /// Keyword in front, such as `if` or `!`.
    pub keyword: Option<String>,
    /// Operator in front.
    pub before: Operator,
    /// Operator behind.
    pub after: Operator,
    /// Line in the script, counted from 0.
    pub line: usize,
}

impl ShellCommand {
    /// Returns `true` if the words begin like this.
    pub fn starts_with(&self, words: &[&str]) -> bool {
        self.words.len() >= words.len() && self.words.iter().zip(words).all(|(own, word)| own == word)
    }

    /// Returns `true` if one of the arguments is this word.
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().skip(1).any(|own| own == word)
    }

    /// Returns the value of `--name value` or `--name=value`.
    pub fn option(&self, name: &str) -> Option<&str> {
        let position = self.words.iter().position(|word| word == name);
        let next = position.and_then(|at| self.words.get(at + 1)).map(String::as_str);
        let joined = |word: &'_ String| word.strip_prefix(name).is_some_and(|rest| rest.starts_with('='));
        next.or_else(|| self.words.iter().find(|word| joined(word)).map(|word| &word[name.len() + 1..]))
    }

    /// Returns the last part of the program's path, without `.exe`.
    pub fn program(&self) -> &str {
        self.words.first().map_or("", |word| file_name(word))
    }
}

/// Returns the last part of a path, without `.exe`.
pub fn file_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".exe").unwrap_or(name)
}

/// Returns the commands of a script.
pub fn shell_commands(script: &str) -> Vec<ShellCommand> {
    let mut out = Vec::new();
    let mut before = Operator::End;
    for (words, after, line) in split(script) {
        if let Some(command) = simple_command(words, before, after, line) {
            out.push(command);
        }
        before = after;
    }
    out
}

/// Words that start a command or stand in front of one.
const KEYWORDS: [&str; 9] = ["if", "then", "elif", "else", "do", "while", "until", "!", "&"];

/// Programs that run the command behind them.
const WRAPPERS: [&str; 16] = [
    "sudo", "time", "env", "exec", "command", "nohup", "npx", "bunx", "uvx", "xvfb-run", "nice", "builtin",
    "stdbuf", "call", "pnpx", "pipx",
];

/// Wrappers of two words.
const LONG_WRAPPERS: [[&str; 2]; 15] = [
    ["pnpm", "exec"],
    ["pnpm", "dlx"],
    ["yarn", "dlx"],
    ["yarn", "exec"],
    ["npm", "exec"],
    ["uv", "run"],
    ["poetry", "run"],
    ["pdm", "run"],
    ["pipenv", "run"],
    ["hatch", "run"],
    ["bundle", "exec"],
    ["python", "-m"],
    ["python3", "-m"],
    ["pipx", "run"],
    ["py", "-m"],
];

fn simple_command(
    words: Vec<String>,
    before: Operator,
    after: Operator,
    line: usize,
) -> Option<ShellCommand> {
    let mut keyword = None;
    let mut rest: &[String] = &words;
    loop {
        let first = rest.first()?;
        if KEYWORDS.contains(&first.as_str()) {
            keyword.get_or_insert_with(|| first.clone());
            rest = &rest[1..];
        } else if is_assignment(first) && rest.len() > 1 {
            rest = &rest[1..];
        } else if let Some(second) = rest.get(1)
            && LONG_WRAPPERS.iter().any(|pair| first == pair[0] && second == pair[1])
        {
            rest = without_options(&rest[2..]);
        } else if WRAPPERS.contains(&first.as_str()) && rest.len() > 1 {
            rest = without_options(&rest[1..]);
        } else {
            break;
        }
    }
    let words = rest.to_vec();
    Some(ShellCommand { words, keyword, before, after, line })
}

fn without_options(words: &[String]) -> &[String] {
    let options = words.iter().take_while(|word| word.starts_with('-')).count();
    words.get(options..).unwrap_or(&[])
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

type SplitCommand = (Vec<String>, Operator, usize);

/// Splits a script at its operators.
fn split(script: &str) -> Vec<SplitCommand> {
    let chars: Vec<char> = script.chars().collect();
    let mut splitter = Splitter {
        chars: &chars,
        at: 0,
        line: 0,
        word: None,
        words: Vec::new(),
        start: 0,
        out: Vec::new(),
        here: Vec::new(),
    };
    splitter.run();
    splitter.out
}

struct Splitter<'c> {
    chars: &'c [char],
    at: usize,
    line: usize,
    /// Word that is being read.
    word: Option<String>,
    words: Vec<String>,
    /// Line of the first word.
    start: usize,
    out: Vec<SplitCommand>,
    /// Ends of the here-documents that begin on this line.
    here: Vec<String>,
}

impl Splitter<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn looks_at(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c))
    }

    fn push(&mut self, c: char) {
        if self.words.is_empty() && self.word.is_none() {
            self.start = self.line;
        }
        self.word.get_or_insert_default().push(c);
        self.line += usize::from(c == '\n');
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    fn end_command(&mut self, operator: Operator) {
        self.end_word();
        let words = std::mem::take(&mut self.words);
        match self.out.last_mut() {
            // An operator without a command in front, such as a second line end, adds nothing.
            Some(last) if words.is_empty() && last.1 == Operator::End => last.1 = operator,
            Some(_) if words.is_empty() && operator == Operator::End => {}
            _ => self.out.push((words, operator, self.start)),
        }
    }

    fn run(&mut self) {
        while let Some(c) = self.peek(0) {
            if self.looks_at("${{") {
                self.take_until("}}");
                continue;
            }
            match c {
                '\\' if self.peek(1) == Some('\n') => {
                    self.at += 2;
                    self.line += 1;
                    continue;
                }
                '\\' => {
                    self.at += 1;
                    if let Some(next) = self.peek(0) {
                        self.push(next);
                    }
                }
                '\'' => self.single_quoted(),
                '"' => self.double_quoted(),
                '$' if self.peek(1) == Some('(') => self.substitution(),
                '#' if self.word.is_none() => {
                    while self.peek(1).is_some_and(|next| next != '\n') {
                        self.at += 1;
                    }
                }
                '<' if self.looks_at("<<<") => {
                    (0..3).for_each(|_| self.push('<'));
                    self.at += 2;
                }
                '<' if self.looks_at("<<") => self.here_document(),
                '\n' => {
                    self.end_command(Operator::End);
                    self.line += 1;
                    self.skip_here_documents();
                }
                ' ' | '\t' | '\r' => self.end_word(),
                // `;;` ends a branch of `case`.
                ';' => self.end_command(Operator::End),
                '&' if self.looks_at("&&") => {
                    self.at += 1;
                    self.end_command(Operator::And);
                }
                '|' if self.looks_at("||") => {
                    self.at += 1;
                    self.end_command(Operator::Or);
                }
                '|' => {
                    self.at += usize::from(self.looks_at("|&"));
                    self.end_command(Operator::Pipe);
                }
                // `2>&1`, `&>file`
                '&' if self.at > 0 && matches!(self.chars.get(self.at - 1), Some('>' | '<')) => self.push(c),
                '&' if self.peek(1) == Some('>') => self.push(c),
                '&' => self.end_command(Operator::Background),
                '(' | ')' => self.end_command(Operator::Group),
                '{' | '}' if self.word.is_none() && self.peek(1).is_none_or(char::is_whitespace) => {
                    self.end_command(Operator::Group);
                }
                other => self.push(other),
            }
            self.at += 1;
        }
        self.end_command(Operator::End);
    }

    /// Takes everything up to and with an end.
    fn take_until(&mut self, end: &str) {
        while self.peek(0).is_some() && !self.looks_at(end) {
            let c = self.chars[self.at];
            self.push(c);
            self.at += 1;
        }
        for c in end.chars() {
            if self.peek(0).is_some() {
                self.push(c);
                self.at += 1;
            }
        }
    }

    fn single_quoted(&mut self) {
        self.word.get_or_insert_default();
        self.at += 1;
        while let Some(c) = self.peek(0).filter(|c| *c != '\'') {
            self.push(c);
            self.at += 1;
        }
    }

    fn double_quoted(&mut self) {
        if self.words.is_empty() && self.word.is_none() {
            self.start = self.line;
        }
        self.word.get_or_insert_default();
        self.at += 1;
        while let Some(c) = self.peek(0).filter(|c| *c != '"') {
            if self.looks_at("${{") {
                self.take_until("}}");
                continue;
            }
            if c == '$' && self.peek(1) == Some('(') {
                self.substitution();
                self.at += 1;
                continue;
            }
            if c == '\\' && self.peek(1).is_some() {
                self.at += 1;
            }
            let c = self.chars[self.at];
            self.push(c);
            self.at += 1;
        }
    }

    /// Takes `$( … )` into the word.
    fn substitution(&mut self) {
        let mut depth = 0;
        while let Some(c) = self.peek(0) {
            self.push(c);
            depth += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if depth == 0 && c == ')' {
                return;
            }
            self.at += 1;
        }
    }

    fn here_document(&mut self) {
        self.end_word();
        self.at += 2;
        while self.peek(0).is_some_and(|c| matches!(c, '-' | ' ' | '\'' | '"' | '\\')) {
            self.at += 1;
        }
        let mut end = String::new();
        while let Some(c) = self.peek(0).filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
            end.push(c);
            self.at += 1;
        }
        if self.peek(0).is_none_or(|c| !matches!(c, '\'' | '"')) {
            self.at = self.at.saturating_sub(1);
        }
        if !end.is_empty() {
            self.here.push(end);
        }
    }

    fn skip_here_documents(&mut self) {
        for end in std::mem::take(&mut self.here) {
            while self.peek(1).is_some() {
                let line: String = self.chars[self.at + 1..].iter().take_while(|c| **c != '\n').collect();
                self.at += 1 + line.chars().count();
                self.line += 1;
                if line.trim() == end {
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

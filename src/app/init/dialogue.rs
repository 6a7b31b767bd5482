//! Questions to a person at a terminal, one a line, the proposed answer in brackets.

use std::io::{self, BufRead};

/// The longest answer that is read: nobody types more, and a terminal could paste without end.
// Terminals send lines of at most 4,096 bytes.
const LONGEST: u64 = 4096;

/// Somebody who can be asked.
pub struct Dialogue<'d> {
    /// Source of the answers.
    pub answers: &'d mut dyn BufRead,
    /// Takes the questions, line by line.
    pub say: &'d dyn Fn(&str),
}

/// The person went away: the end of the input in the place of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

impl Dialogue<'_> {
    /// The answer to a question, or the proposed one for an empty line; asked again, with the reason, until it is one.
    ///
    /// # Errors
    /// If the input ends, or cannot be read.
    pub fn ask<T>(
        &mut self,
        question: &str,
        proposed: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Gone> {
        loop {
            (self.say)(&format!("{question} [{proposed}]"));
            let line = self.line().map_err(|_| Gone)?.ok_or(Gone)?;
            let answer = line.trim();
            match read(if answer.is_empty() { proposed } else { answer }) {
                Ok(value) => return Ok(value),
                Err(why) => (self.say)(&format!("  {why}")),
            }
        }
    }

    /// Yes or no; no unless the person says otherwise.
    ///
    /// # Errors
    /// If the input ends, or cannot be read.
    pub fn agrees(&mut self, question: &str) -> Result<bool, Gone> {
        self.ask(question, "no", yes_or_no)
    }

    /// The next line; none at the end. A last line that was not ended was not meant to be sent.
    fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        io::Read::take(&mut self.answers, LONGEST).read_until(b'\n', &mut line)?;
        // A line without its end is cut or abandoned with Ctrl-D. It is no answer.
        let ended = line.last() == Some(&b'\n');
        let text = String::from_utf8(line).map_err(io::Error::other)?;
        Ok(ended.then_some(text))
    }
}

/// Parses the answer to a yes-or-no question.
pub fn yes_or_no(answer: &str) -> Result<bool, String> {
    match answer.to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err("answer yes or no".into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::cell::RefCell;

    use super::*;

    fn with<T>(input: &str, ask: impl FnOnce(&mut Dialogue<'_>) -> T) -> (T, Vec<String>) {
        let said = RefCell::new(Vec::new());
        let say = |line: &str| said.borrow_mut().push(line.to_owned());
        let mut answers = input.as_bytes();
        let result = ask(&mut Dialogue { answers: &mut answers, say: &say });
        (result, said.into_inner())
    }

    fn number(answer: &str) -> Result<u8, String> {
        answer.parse().map_err(|_| "write a number".to_owned())
    }

    #[test]
    fn an_empty_line_takes_what_is_proposed() {
        assert_eq!(with("\n", |d| d.ask("How many", "7", number)), (Ok(7), vec!["How many [7]".to_owned()]));
        assert_eq!(with(" 9 \r\n", |d| d.ask("How many", "7", number)).0, Ok(9));
    }

    #[test]
    fn what_is_no_answer_is_asked_again_with_the_reason() {
        let (answer, said) = with("x\n8\n", |d| d.ask("How many", "7", number));
        assert_eq!(
            (answer, said),
            (Ok(8), ["How many [7]", "  write a number", "How many [7]"].map(str::to_owned).to_vec())
        );
    }

    #[test]
    fn end_of_input_is_no_answer() {
        for input in ["", "yes", "maybe\n"] {
            assert_eq!(with(input, |d| d.agrees("Write")).0, Err(Gone), "{input}");
        }
    }

    #[test]
    fn silence_agrees_to_nothing() {
        assert_eq!(with("\n", |d| d.agrees("Write")).0, Ok(false));
        assert_eq!(with("Y\n", |d| d.agrees("Write")).0, Ok(true));
    }
}

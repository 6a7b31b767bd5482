//! Explanations of the codes. `explanations.md` has one section for each: the cause, and a wrong and a right example.

use super::Code;

const EXPLANATIONS: &str = include_str!("explanations.md");

impl Code {
    /// Parses a code in the form `P012`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.to_string() == text)
    }

    /// Returns the explanation in Markdown: the cause, then a wrong and a right example. A problem of a whole file, such as a
    /// wrong encoding, has no example.
    pub fn explanation(self) -> String {
        let heading = format!("## {self}");
        // By lines, because a checkout on Windows may have `\r\n`.
        let section = EXPLANATIONS.lines().skip_while(|line| *line != heading).skip(1);
        let lines: Vec<&str> = section.take_while(|line| !line.starts_with("## ")).collect();
        lines.join("\n").trim().to_owned()
    }
}

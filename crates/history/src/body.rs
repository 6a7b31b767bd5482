//! The lines of an issue's body that a person wrote and others see.

/// The lines outside HTML comments and fenced code. Templates explain themselves in comments, and logs are pasted into
/// fences: neither states anything.
pub fn visible_lines(body: &str) -> impl Iterator<Item = &str> {
    lines_and_code(body).filter_map(|(is_code, line)| (!is_code).then_some(line))
}

/// The lines outside HTML comments, each with whether it is fenced code.
pub fn lines_and_code(body: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut fence: Option<&str> = None;
    let mut in_comment = false;
    body.lines().filter_map(move |line| {
        let trimmed = line.trim_start();
        if in_comment {
            in_comment = !line.contains("-->");
            return None;
        }
        if let Some(mark) = fence {
            if trimmed.starts_with(mark) {
                fence = None;
                return None;
            }
            return Some((true, line));
        }
        // "```log```" on one line is code in the text, and opens nothing.
        let opens = |mark: &&str| trimmed.strip_prefix(mark).is_some_and(|rest| !rest.contains(mark));
        fence = ["```", "~~~"].into_iter().find(opens);
        if fence.is_some() {
            return None;
        }
        match line.find("<!--") {
            Some(at) => {
                in_comment = !line[at..].contains("-->");
                Some((false, &line[..at]))
            }
            None => Some((false, line)),
        }
    })
}

/// Heading and lines of every answered section with one of these headings, in lower case (`### Version`, as an issue
/// form writes it). A section ends at the next heading.
///
/// An issue form writes "_No response_" for an empty answer, and `- [ ]` for an unchecked choice.
pub fn sections<'b>(body: &'b str, headings: &[&str]) -> Vec<(&'b str, Vec<&'b str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut inside = false;
    for line in visible_lines(body).map(str::trim) {
        if line.starts_with('#') {
            let title = line.strip_prefix("### ").map_or("", str::trim);
            inside = headings.contains(&title.to_lowercase().as_str());
            if inside {
                found.push((title, Vec::new()));
            }
        } else if inside && !line.is_empty() && line != "_No response_" && !line.starts_with("- [ ]") {
            let chosen = line.strip_prefix("- [x]").or_else(|| line.strip_prefix("- [X]")).unwrap_or(line);
            if let Some((_, answer)) = found.last_mut() {
                answer.push(chosen.trim());
            }
        }
    }
    found.retain(|(_, answer)| !answer.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_and_logs_state_nothing() {
        let body = "a\n<!-- Found-in: v1 -->\n<!--\nFound-in: v2\n-->\n```\nFound-in: v3\n```\n~~~\n```\nFound-in: v4\n~~~\nb";
        assert_eq!(visible_lines(body).collect::<String>(), "ab");
    }

    #[test]
    fn a_form_states_what_was_answered_and_chosen() {
        let body = "### Version\n\n- [ ] v1.2.0\n- [X] v1.4.0\n\n### Node version\n\n20\n\n### Found in\n\n_No response_\n";
        assert_eq!(sections(body, &["version", "found in"]), [("Version", vec!["v1.4.0"])]);
    }

    #[test]
    fn a_section_without_an_answer_does_not_take_the_next_heading() {
        assert!(sections("### Version\n\n## Steps\n\n1.4.0\n", &["version"]).is_empty());
    }

    #[test]
    fn code_on_one_line_opens_no_fence() {
        assert_eq!(
            visible_lines("```log```\nFound-in: v1\n").collect::<Vec<_>>(),
            ["```log```", "Found-in: v1"]
        );
    }
}

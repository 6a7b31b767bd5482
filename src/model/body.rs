//! The lines of an issue's body that a person wrote and others see.

/// The lines outside HTML comments and fenced code. Templates explain themselves in comments, and logs are pasted into
/// fences: neither states anything.
pub fn lines(body: &str) -> impl Iterator<Item = &str> {
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
            }
            return None;
        }
        fence = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        if fence.is_some() {
            return None;
        }
        match line.find("<!--") {
            Some(at) => {
                in_comment = !line[at..].contains("-->");
                Some(&line[..at])
            }
            None => Some(line),
        }
    })
}

/// Heading and first line of every section with one of these headings, in lower case (`### Version`, as an issue form
/// writes it).
///
/// "_No response_" is what a form puts where nobody answered.
pub fn sections<'b>(body: &'b str, headings: &'b [&str]) -> impl Iterator<Item = (&'b str, &'b str)> {
    let mut heading: Option<&str> = None;
    lines(body).filter_map(move |line| {
        let line = line.trim();
        if let Some(title) = line.strip_prefix("###").filter(|rest| rest.starts_with(' ')) {
            let title = title.trim();
            heading = headings.contains(&title.to_lowercase().as_str()).then_some(title);
            return None;
        }
        if line.is_empty() {
            return None;
        }
        let answered = heading.take()?;
        (line != "_No response_" && !line.starts_with('#')).then_some((answered, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_and_logs_state_nothing() {
        let body = "a\n<!-- Found-in: v1 -->\n<!--\nFound-in: v2\n-->\n```\nFound-in: v3\n```\n~~~\n```\nFound-in: v4\n~~~\nb";
        assert_eq!(lines(body).collect::<String>(), "ab");
    }

    #[test]
    fn a_form_states_its_version_once() {
        let body = "### Version\n\nv1.4.0\nand more\n\n### Node version\n\n20\n\n### Affected version\n\n_No response_\n";
        assert_eq!(
            sections(body, &["version", "affected version"]).collect::<Vec<_>>(),
            [("Version", "v1.4.0")]
        );
    }

    #[test]
    fn a_section_without_an_answer_does_not_take_the_next_heading() {
        assert_eq!(sections("### Version\n\n## Steps\n\n1.4.0\n", &["version"]).count(), 0);
    }
}

//! Parses expressions.

use super::{Comparison, Expression, Value};

/// Deepest nesting of an expression. GitHub's own limit is 50.
const MAX_DEPTH: usize = 50;

/// Returns the expression in a text without `${{` and `}}`; `None` if it is not one.
pub fn parse_expression(text: &str) -> Option<Expression> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, depth: 0 };
    let read = reader.or()?;
    (reader.at == reader.tokens.len()).then_some(read)
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Name(String),
    Literal(Value),
    Sign(&'static str),
}

/// The operators and punctuation, longer ones first.
const SIGNS: [&str; 16] =
    ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", ".", "*"];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let (value, after) = quoted_text(quoted)?;
            out.push(Token::Literal(Value::Text(value)));
            rest = after;
        } else if first.is_ascii_digit()
            || (first == '-' && rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            let end = rest[1..]
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
                .map_or(rest.len(), |at| at + 1);
            out.push(Token::Literal(Value::Number(rest[..end].parse().unwrap_or(f64::NAN))));
            rest = &rest[end..];
        } else if first.is_ascii_alphabetic() || first == '_' {
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))
                .unwrap_or(rest.len());
            let word = rest[..end].to_ascii_lowercase();
            out.push(match word.as_str() {
                "true" => Token::Literal(Value::Bool(true)),
                "false" => Token::Literal(Value::Bool(false)),
                "null" => Token::Literal(Value::Null),
                _ => Token::Name(word),
            });
            rest = &rest[end..];
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
            out.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        }
        rest = rest.trim_start();
    }
    Some(out)
}

/// Returns a text up to its closing quote, and what is behind it. Two quotes stand for one.
fn quoted_text(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('\'')?;
        value.push_str(part);
        match after.strip_prefix('\'') {
            Some(more) => {
                value.push('\'');
                rest = more;
            }
            None => return Some((value, after)),
        }
    }
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Sign(own)) if *own == sign);
        self.at += usize::from(found);
        found
    }

    fn or(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut left = self.and()?;
        while self.take("||") {
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        self.depth -= 1;
        Some(left)
    }

    fn and(&mut self) -> Option<Expression> {
        let mut left = self.comparison()?;
        while self.take("&&") {
            left = Expression::And(Box::new(left), Box::new(self.comparison()?));
        }
        Some(left)
    }

    fn comparison(&mut self) -> Option<Expression> {
        let mut left = self.unary()?;
        loop {
            let kind = if self.take("==") {
                Comparison::Equal
            } else if self.take("!=") {
                Comparison::Unequal
            } else if ["<=", ">=", "<", ">"].into_iter().any(|sign| self.take(sign)) {
                Comparison::Order
            } else {
                return Some(left);
            };
            left = Expression::Compare(kind, Box::new(left), Box::new(self.unary()?));
        }
    }

    fn unary(&mut self) -> Option<Expression> {
        let mut negations = 0;
        while self.take("!") {
            negations += 1;
        }
        let mut one = self.postfix()?;
        for _ in 0..negations {
            one = Expression::Not(Box::new(one));
        }
        Some(one)
    }

    fn postfix(&mut self) -> Option<Expression> {
        let mut base = self.primary()?;
        loop {
            if self.take(".") {
                let name = match self.tokens.get(self.at) {
                    Some(Token::Name(name)) => name.clone(),
                    Some(Token::Sign("*")) => "*".to_owned(),
                    // A property may be called `true` or begin with a digit.
                    Some(Token::Literal(Value::Bool(value))) => value.to_string(),
                    Some(Token::Literal(_) | Token::Sign(_)) | None => return None,
                };
                self.at += 1;
                base = Expression::Member(Box::new(base), Some(name));
            } else if self.take("[") {
                let name = if self.take("*") {
                    Some("*".to_owned())
                } else {
                    match self.or()? {
                        Expression::Literal(Value::Text(text)) => Some(text.to_ascii_lowercase()),
                        Expression::Literal(_)
                        | Expression::Name(_)
                        | Expression::Member(..)
                        | Expression::Call(..)
                        | Expression::Not(_)
                        | Expression::And(..)
                        | Expression::Or(..)
                        | Expression::Compare(..) => None,
                    }
                };
                if !self.take("]") {
                    return None;
                }
                base = Expression::Member(Box::new(base), name);
            } else {
                return Some(base);
            }
        }
    }

    fn primary(&mut self) -> Option<Expression> {
        if self.take("(") {
            let inner = self.or()?;
            return self.take(")").then_some(inner);
        }
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        match token {
            Token::Literal(value) => Some(Expression::Literal(value)),
            Token::Name(name) if self.take("(") => {
                let mut parts = Vec::new();
                if !self.take(")") {
                    loop {
                        parts.push(self.or()?);
                        if self.take(")") {
                            break;
                        }
                        if !self.take(",") {
                            return None;
                        }
                    }
                }
                Some(Expression::Call(name, parts))
            }
            Token::Name(name) => Some(Expression::Name(name)),
            Token::Sign(_) => None,
        }
    }
}

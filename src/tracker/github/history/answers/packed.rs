//! Answers in few bytes.

/// What several hold together.
pub mod shared {
    use std::rc::Rc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(value: &Rc<T>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().serialize(to)
    }

    pub fn deserialize<'d, T: Deserialize<'d>, D: Deserializer<'d>>(from: D) -> Result<Rc<T>, D::Error> {
        T::deserialize(from).map(Rc::new)
    }
}

/// Bytes as a text with a character for each: most files are ASCII, and not all are UTF-8.
pub mod bytes {
    use std::rc::Rc;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &Rc<[u8]>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&bytes.iter().copied().map(char::from).collect::<String>())
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Rc<[u8]>, D::Error> {
        let text = String::deserialize(from)?;
        text.chars().map(|c| u8::try_from(c).map_err(|_| D::Error::custom("no byte"))).collect()
    }
}

/// Runs of lines, which name each commit once.
pub mod ranges {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::model::Sha;
    use crate::tracker::github::history::{Blame, Range};

    #[derive(Serialize, Deserialize)]
    struct Packed {
        commits: Vec<Sha>,
        /// First line, last line, and which of the commits.
        runs: Vec<(u32, u32, usize)>,
    }

    pub fn serialize<S: Serializer>(ranges: &Blame, to: S) -> Result<S::Ok, S::Error> {
        let mut commits: Vec<Sha> = ranges.iter().map(|range| range.commit.clone()).collect();
        commits.sort();
        commits.dedup();
        let which = |range: &Range| commits.partition_point(|commit| *commit < range.commit);
        let runs = ranges.iter().map(|range| (range.first, range.last, which(range))).collect();
        Packed { commits, runs }.serialize(to)
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Blame, D::Error> {
        let Packed { commits, runs } = Packed::deserialize(from)?;
        let range = |(first, last, which): (u32, u32, usize)| {
            let commit = commits.get(which).filter(|_| first > 0 && first <= last);
            commit.map(|commit| Range { commit: commit.clone(), first, last })
        };
        runs.into_iter().map(|run| range(run).ok_or_else(|| D::Error::custom("no run of lines"))).collect()
    }
}

//! Digest of a file, made of the digests of its blocks, so that threads can hash them in parallel.

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::TestId;

/// XXH3-128: of a file of one block, of its bytes; of a longer one, of the digests of its blocks in their order.
#[derive(Default)]
pub struct ReportDigest {
    first: Option<u128>,
    more: Option<Box<Xxh3>>,
}

/// Keeps the digest of digests apart from that of a file that holds the same bytes.
const SEED: u64 = 1;

impl ReportDigest {
    /// Returns the digest of one block.
    pub fn of_block(block: &[u8]) -> u128 {
        xxh3_128(block)
    }

    /// Adds the next block.
    pub fn add(&mut self, block: u128) {
        let Some(first) = self.first else {
            self.first = Some(block);
            return;
        };
        // A file of one block keeps the plain XXH3-128 of its bytes, which other tools can compute.
        let more = self.more.get_or_insert_with(|| {
            let mut more = Box::new(Xxh3::with_seed(SEED));
            more.update(&first.to_le_bytes());
            more
        });
        more.update(&block.to_le_bytes());
    }

    /// Returns the digest of all blocks.
    pub fn finish(&self) -> TestId {
        TestId(match (&self.more, self.first) {
            (Some(more), _) => more.digest128(),
            (None, Some(first)) => first,
            (None, None) => Self::of_block(&[]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(blocks: &[&[u8]]) -> TestId {
        let mut digest = ReportDigest::default();
        for block in blocks {
            digest.add(ReportDigest::of_block(block));
        }
        digest.finish()
    }

    #[test]
    fn every_block_and_their_order_count() {
        let all = [of(&[]), of(&[b"a"]), of(&[b"a", b"b"]), of(&[b"b", b"a"]), of(&[b"a", b"b", b"b"])];
        for (at, one) in all.iter().enumerate() {
            assert_eq!(all.iter().filter(|other| *other == one).count(), 1, "{at}");
        }
        assert_eq!(of(&[b""]), of(&[]), "an empty file is an empty file");
    }

    #[test]
    fn file_of_digests_differs_from_the_digested_file() {
        let digests: Vec<u8> =
            [b"a", b"b"].iter().flat_map(|block| ReportDigest::of_block(*block).to_le_bytes()).collect();
        assert_ne!(of(&[b"a", b"b"]), of(&[&digests]));
    }
}

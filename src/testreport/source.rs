//! The bytes of a report: hashed as they come, decoded to UTF-8, handed on in pieces.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, UTF_8};
use xxhash_rust::xxh3::Xxh3;

use super::encoding::{self, EncodingError};
use crate::model::TestId;

/// Bytes read at a time.
const PIECE: usize = 128 << 10;
/// Bytes looked at to find the encoding.
const HEAD: usize = 1024;

/// A report's text in UTF-8. Without conversion, bytes that are not UTF-8 are handed on as they are.
pub struct Source<R> {
    inner: R,
    digest: Box<Xxh3>,
    encoding: &'static Encoding,
    contradicts: bool,
    decoding: Option<Decoding>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    allowance: u64,
}

/// The way from another encoding.
struct Decoding {
    decoder: Decoder,
    raw: Vec<u8>,
    start: usize,
    end: usize,
    replaced: bool,
}

/// Why a report's bytes could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file system, or a decompressor, said no.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The encoding is not one that can be read.
    #[error(transparent)]
    Encoding(#[from] EncodingError),
}

impl<R: Read> Source<R> {
    /// Reads the first bytes and finds the encoding.
    ///
    /// # Errors
    /// If they cannot be read, or are in an encoding that cannot.
    pub fn new(mut inner: R) -> Result<Self, SourceError> {
        let mut digest = Box::new(Xxh3::new());
        let mut buffer = vec![0; PIECE];
        let mut end = 0;
        while end < HEAD {
            match read(&mut inner, &mut buffer[end..])? {
                0 => break,
                count => end += count,
            }
        }
        digest.update(&buffer[..end]);
        let found = encoding::detect(&buffer[..end])?;
        let (decoding, start, end) = if found.encoding == UTF_8 {
            (None, found.bom, end)
        } else {
            let raw = std::mem::replace(&mut buffer, vec![0; PIECE]);
            let decoder = found.encoding.new_decoder_without_bom_handling();
            (Some(Decoding { decoder, raw, start: found.bom, end, replaced: false }), 0, 0)
        };
        Ok(Self {
            inner,
            digest,
            encoding: found.encoding,
            contradicts: found.contradicts,
            decoding,
            buffer,
            start,
            end,
            ended: false,
            allowance: u64::MAX,
        })
    }

    /// The encoding it is read in, by its WHATWG name.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// True if the declaration names an encoding that the bytes cannot be in.
    pub fn contradicts_declaration(&self) -> bool {
        self.contradicts
    }

    /// True if bytes that stand for no character were replaced so far.
    pub fn replaced(&self) -> bool {
        self.decoding.as_ref().is_some_and(|d| d.replaced)
    }

    /// XXH3-128 of the bytes read so far.
    pub fn digest(&self) -> TestId {
        TestId(self.digest.digest128())
    }

    /// From here on, this many bytes may be consumed.
    pub fn allow(&mut self, bytes: u64) {
        self.allowance = bytes;
    }

    /// The next bytes: at least so many, if there are.
    ///
    /// # Errors
    /// If reading fails.
    pub fn peek(&mut self, at_least: usize) -> io::Result<&[u8]> {
        while self.end - self.start < at_least && !self.ended {
            self.fill()?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    /// What has been read and not consumed.
    pub fn buffered(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Reads on to the end, so that the digest covers everything.
    ///
    /// # Errors
    /// If reading fails.
    pub fn drain(&mut self) -> io::Result<()> {
        self.allow(u64::MAX);
        loop {
            match self.fill_buf()?.len() {
                0 => return Ok(()),
                count => self.consume(count),
            }
        }
    }

    /// Reads one more piece behind what is there.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let free = &mut self.buffer[self.end..];
        let Some(decoding) = &mut self.decoding else {
            let count = read(&mut self.inner, free)?;
            self.digest.update(&free[..count]);
            self.end += count;
            self.ended = count == 0;
            return Ok(());
        };
        if decoding.start == decoding.end {
            decoding.start = 0;
            decoding.end = read(&mut self.inner, &mut decoding.raw)?;
            self.digest.update(&decoding.raw[..decoding.end]);
        }
        let last = decoding.end == 0;
        let raw = &decoding.raw[decoding.start..decoding.end];
        let (result, used, made, replaced) = decoding.decoder.decode_to_utf8(raw, free, last);
        decoding.start += used;
        decoding.replaced |= replaced;
        self.end += made;
        self.ended = last && result == encoding_rs::CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let count = from.len().min(into.len());
        into[..count].copy_from_slice(&from[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.allowance == 0 {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "longer than the limit"));
        }
        self.peek(1)
    }

    fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
        self.allowance = self.allowance.saturating_sub(count as u64);
    }
}

/// Reads, and tries again where a signal came between.
fn read(from: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match from.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

//! Bytes of a report: hashed as they arrive, decoded to UTF-8, and handed on in chunks.

mod chunk_index;
mod chunk_reader;
mod digest;

use std::io::{self, BufRead, Read, Seek};
use std::ops::Range;

use encoding_rs::{Decoder, Encoding, UTF_8};
use memchr::memmem;

use self::chunk_index::ChunkIndex;
use self::chunk_reader::{ChunkReader, ROOM};
use super::encoding::{self, EncodingError};
use crate::TestId;

pub use self::chunk_index::{END, WORD};

/// Files from this size on are read ahead, where there is a second core.
// For a smaller file, starting threads costs more than it saves.
const LARGE: u64 = 16 << 20;

/// A report's text in UTF-8. Without conversion, bytes that are not UTF-8 are handed on as they are.
pub struct Source<R> {
    pieces: ChunkReader<R>,
    encoding: &'static Encoding,
    contradicts: bool,
    decoding: Option<Decoding>,
    buffer: Vec<u8>,
    /// Part of the buffer that is read and not consumed.
    unread: Range<usize>,
    ended: bool,
    allowance: u64,
}

/// Decoder from another encoding.
struct Decoding {
    decoder: Decoder,
    raw: Vec<u8>,
    /// Part of the raw bytes that is read and not decoded.
    undecoded: Range<usize>,
    replaced: bool,
}

/// Reason why a report's bytes could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file system or a decompressor failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The encoding is unsupported.
    #[error(transparent)]
    Encoding(#[from] EncodingError),
}

impl<R: Read + Send + 'static> Source<R> {
    /// Opens a compressed file of `size` bytes. A large one is decompressed ahead: while its bytes are parsed,
    /// the next ones come.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn of_packed(mut open: impl FnMut() -> io::Result<R>, size: u64) -> Result<Self, SourceError> {
        if is_read_ahead(size)
            && let Ok(ahead) = ChunkReader::ahead(open()?)
        {
            return Self::begin(ahead);
        }
        Self::new(open()?)
    }
}

impl<R: Read + Seek + Send + 'static> Source<R> {
    /// Opens a file of `size` bytes. A large one is read ahead by several threads.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn of_file(mut open: impl FnMut() -> io::Result<R>, size: u64) -> Result<Self, SourceError> {
        if is_read_ahead(size)
            && let Ok(ahead) = ChunkReader::side_by_side(&mut open)
        {
            return Self::begin(ahead);
        }
        Self::new(open()?)
    }
}

/// Returns `true` if reading a file of `size` bytes ahead pays.
fn is_read_ahead(size: u64) -> bool {
    size >= LARGE && rayon::current_num_threads() > 1
}

impl<R: Read> Source<R> {
    /// Reads the first bytes and finds the encoding.
    ///
    /// # Errors
    /// Returns an error if they cannot be read or decoded.
    pub fn new(inner: R) -> Result<Self, SourceError> {
        Self::begin(ChunkReader::here(inner))
    }

    /// Reads the first bytes and finds the encoding.
    fn begin(mut pieces: ChunkReader<R>) -> Result<Self, SourceError> {
        let mut buffer = chunk_reader::empty_buffer();
        let mut unread = pieces.next(&mut buffer, ROOM..ROOM)?;
        let found = encoding::detect_encoding(&buffer[unread.clone()])?;
        unread.start += found.bom;
        let mut decoding = None;
        if found.encoding != UTF_8 {
            let raw = std::mem::replace(&mut buffer, chunk_reader::empty_buffer());
            let undecoded = std::mem::replace(&mut unread, 0..0);
            // The byte order mark is already skipped.
            let decoder = found.encoding.new_decoder_without_bom_handling();
            decoding = Some(Decoding { decoder, raw, undecoded, replaced: false });
        }
        Ok(Self {
            pieces,
            encoding: found.encoding,
            contradicts: found.contradicts,
            decoding,
            buffer,
            unread,
            ended: false,
            allowance: u64::MAX,
        })
    }

    /// Returns the encoding by its WHATWG name.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// Returns `true` if the declaration names an encoding that the bytes rule out.
    pub fn contradicts_declaration(&self) -> bool {
        self.contradicts
    }

    /// Returns `true` if malformed bytes were replaced.
    pub fn replaced(&self) -> bool {
        self.decoding.as_ref().is_some_and(|d| d.replaced)
    }

    /// Returns the digest of the bytes read so far.
    pub fn digest(&self) -> TestId {
        self.pieces.digest()
    }

    /// Returns the number of bytes read so far.
    pub fn taken(&self) -> u64 {
        self.pieces.bytes()
    }

    /// Limits the bytes that may be consumed from here on.
    pub fn allow(&mut self, bytes: u64) {
        self.allowance = bytes;
    }

    /// Returns the next bytes: at least `at_least`, at most 64 KiB, if the file has as many.
    ///
    /// # Errors
    /// Returns an error if reading fails.
    pub fn peek(&mut self, at_least: usize) -> io::Result<&[u8]> {
        while self.unread.len() < at_least && !self.ended {
            self.fill()?;
        }
        Ok(self.buffered())
    }

    /// Returns the bytes that are read and not consumed.
    pub fn buffered(&self) -> &[u8] {
        &self.buffer[self.unread.clone()]
    }

    /// Returns the offset of a text in the [buffered](Self::buffered) bytes.
    pub fn find(&self, text: &[u8]) -> Option<usize> {
        match self.scouted() {
            Some((scouted, start)) if text == END => scouted.end(self.buffered(), start),
            Some(_) | None => memmem::find(self.buffered(), text),
        }
    }

    /// Returns `true` if the first `count` [buffered](Self::buffered) bytes may contain [`WORD`].
    pub fn may_hold_word(&self, count: usize) -> bool {
        self.scouted().is_none_or(|(scouted, start)| scouted.may_hold_word(&self.buffered()[..count], start))
    }

    /// Returns the index of the last chunk, if it is known and not decoded, and the offset of the chunk in what is
    /// buffered.
    fn scouted(&self) -> Option<(&ChunkIndex, isize)> {
        let scouted = self.pieces.scouted().filter(|_| self.decoding.is_none())?;
        Some((scouted, ROOM as isize - self.unread.start as isize))
    }

    /// Reads to the end, so that the digest covers everything.
    ///
    /// # Errors
    /// Returns an error if reading fails.
    pub fn drain(&mut self) -> io::Result<()> {
        self.allow(u64::MAX);
        loop {
            match self.fill_buf()?.len() {
                0 => return Ok(()),
                count => self.consume(count),
            }
        }
    }

    /// Appends one chunk to the buffer.
    fn fill(&mut self) -> io::Result<()> {
        let Some(decoding) = &mut self.decoding else {
            self.unread = self.pieces.next(&mut self.buffer, self.unread.clone())?;
            self.ended = self.unread.end == ROOM;
            return Ok(());
        };
        if decoding.undecoded.is_empty() {
            decoding.undecoded = self.pieces.next(&mut decoding.raw, ROOM..ROOM)?;
        }
        let last = decoding.undecoded.is_empty();
        self.buffer.copy_within(self.unread.clone(), 0);
        self.unread = 0..self.unread.len();
        let (result, used, made, replaced) = decoding.decoder.decode_to_utf8(
            &decoding.raw[decoding.undecoded.clone()],
            &mut self.buffer[self.unread.end..],
            last,
        );
        decoding.undecoded.start += used;
        decoding.replaced |= replaced;
        self.unread.end += made;
        // The decoder can have more text than fits into the buffer, even after the last byte.
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
        self.unread.start = (self.unread.start + count).min(self.unread.end);
        self.allowance = self.allowance.saturating_sub(count as u64);
    }
}

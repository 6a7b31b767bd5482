//! Reads a file in large chunks, on demand or ahead on threads of their own.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::chunk_index::ChunkIndex;
use super::digest::ReportDigest;
use crate::TestId;

/// Offset of each chunk in its buffer. The bytes before it take the rest of the previous chunk.
pub const ROOM: usize = 64 << 10;
/// Bytes read at a time; also the blocks that a file's digest is made of.
const CHUNK_BYTES: usize = 256 << 10;
/// Threads that read one file side by side, one more than there are cores at least: what they read is also digested and
/// searched on them.
const LANES: u64 = 3;
/// Buffers on their way on each of them, beside the one in use.
const AHEAD: usize = 3;

/// Reads chunks of a file and hashes them.
pub struct ChunkReader<R> {
    from: ChunkOrigin<R>,
    digest: ReportDigest,
    bytes: u64,
    scouted: Option<ChunkIndex>,
    /// End of the file or error, once it is reached.
    end: Option<io::Result<()>>,
}

/// The file itself, or the threads that read it.
enum ChunkOrigin<R> {
    /// Read when they are asked for.
    Here(R),
    /// Read before they are asked for, on threads that end when this is dropped. The lanes take turns.
    Ahead { lanes: Vec<ReadAheadThread>, turn: usize },
}

/// A thread that reads ahead.
struct ReadAheadThread {
    /// Buffers that have been filled.
    filled: Receiver<(Vec<u8>, Chunk)>,
    /// Buffers to fill.
    spent: Sender<Vec<u8>>,
}

/// Content of one buffer.
struct Chunk {
    /// Number of bytes; fewer than the buffer takes only at the end.
    count: usize,
    digest: u128,
    scouted: Option<ChunkIndex>,
    /// End of the file or error right behind this chunk.
    end: Option<io::Result<()>>,
}

impl<R: Read> ChunkReader<R> {
    /// Reads each chunk on demand.
    pub fn here(inner: R) -> Self {
        Self::of(ChunkOrigin::Here(inner))
    }

    fn of(from: ChunkOrigin<R>) -> Self {
        Self { from, digest: ReportDigest::default(), bytes: 0, scouted: None, end: None }
    }

    /// Puts the next piece into a buffer of [`empty_buffer`], and right before it the `rest` of what was there, at most
    /// [`ROOM`] bytes. Gives the place of both; at the end of the file there is nothing but the rest.
    ///
    /// # Errors
    /// If reading fails. What was read before that comes first.
    pub fn next(&mut self, buffer: &mut Vec<u8>, rest: Range<usize>) -> io::Result<Range<usize>> {
        let start = ROOM - rest.len();
        let gone = || io::Error::other("reading has stopped after an error");
        self.scouted = None;
        if let Some(end) = self.end.take() {
            // An error is reported once. Later calls must not look like the end of the file.
            let (told, later) = match end {
                Ok(()) => (Ok(start..ROOM), Ok(())),
                Err(error) => (Err(error), Err(gone())),
            };
            self.end = Some(later);
            buffer.copy_within(rest, start);
            return told;
        }
        let piece = match &mut self.from {
            ChunkOrigin::Here(inner) => {
                buffer.copy_within(rest, start);
                Chunk::read(inner, &mut buffer[ROOM..])
            }
            ChunkOrigin::Ahead { lanes, turn } => {
                let lane = &lanes[*turn];
                *turn = (*turn + 1) % lanes.len();
                let (mut next, piece) = lane.filled.recv().map_err(|_| gone())?;
                next[start..ROOM].copy_from_slice(&buffer[rest]);
                // At the end of the file, the thread is gone and the send fails.
                let _ = lane.spent.send(std::mem::replace(buffer, next));
                piece
            }
        };
        if piece.count > 0 {
            self.digest.add(piece.digest);
            self.bytes += piece.count as u64;
        }
        self.scouted = piece.scouted;
        self.end = piece.end;
        match self.end {
            Some(Err(_)) if piece.count == 0 => self.next(buffer, start..ROOM),
            _ => Ok(start..ROOM + piece.count),
        }
    }

    /// Returns the digest of the bytes read so far.
    pub fn digest(&self) -> TestId {
        self.digest.finish()
    }

    /// Returns the index of the last chunk, if there is one.
    pub fn scouted(&self) -> Option<&ChunkIndex> {
        self.scouted.as_ref()
    }

    /// Returns the number of bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl<R: Read + Send + 'static> ChunkReader<R> {
    /// Starts a thread that reads ahead.
    ///
    /// # Errors
    /// Returns an error if no thread can be started.
    pub fn ahead(mut inner: R) -> io::Result<Self> {
        let lanes = vec![ReadAheadThread::start(move |buffer| Chunk::read(&mut inner, buffer))?];
        Ok(Self::of(ChunkOrigin::Ahead { lanes, turn: 0 }))
    }
}

impl<R: Read + Seek + Send + 'static> ChunkReader<R> {
    /// Starts threads that read ahead in turns, each with a file of its own from `open`.
    ///
    /// # Errors
    /// Returns an error if the file cannot be opened or no thread can be started.
    pub fn side_by_side(mut open: impl FnMut() -> io::Result<R>) -> io::Result<Self> {
        let lane = |number: u64| {
            let (mut file, mut at) = (open()?, number * CHUNK_BYTES as u64);
            ReadAheadThread::start(move |buffer| {
                let sought = file.seek(SeekFrom::Start(at));
                at += LANES * CHUNK_BYTES as u64;
                match sought {
                    Ok(_) => Chunk::read(&mut file, buffer).scout(buffer),
                    Err(error) => Chunk { count: 0, digest: 0, scouted: None, end: Some(Err(error)) },
                }
            })
        };
        let lanes = (0..LANES).map(lane).collect::<io::Result<Vec<ReadAheadThread>>>()?;
        Ok(Self::of(ChunkOrigin::Ahead { lanes, turn: 0 }))
    }
}

impl ReadAheadThread {
    /// Starts a thread that fills buffers.
    fn start(mut fill: impl FnMut(&mut [u8]) -> Chunk + Send + 'static) -> io::Result<Self> {
        let (spent, to_fill) = channel::<Vec<u8>>();
        let (done, filled) = channel();
        // The same buffers circulate, so a slow parser stops the thread and memory stays bounded.
        for _ in 0..AHEAD {
            let _ = spent.send(empty_buffer());
        }
        thread::Builder::new().name("read-ahead".to_owned()).spawn(move || {
            for mut buffer in to_fill {
                let piece = fill(&mut buffer[ROOM..]);
                let ended = piece.end.is_some();
                if done.send((buffer, piece)).is_err() || ended {
                    break;
                }
            }
        })?;
        Ok(Self { filled, spent })
    }
}

impl Chunk {
    /// Fills a buffer, or as much of it as the file has.
    fn read(from: &mut impl Read, into: &mut [u8]) -> Self {
        let (mut count, mut end) = (0, None);
        while count < into.len() && end.is_none() {
            match from.read(&mut into[count..]) {
                Ok(0) => end = Some(Ok(())),
                Ok(more) => count += more,
                // A signal interrupted the call: try again.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => end = Some(Err(error)),
            }
        }
        Self { count, digest: ReportDigest::of_block(&into[..count]), scouted: None, end }
    }

    /// Adds the index of the chunk.
    fn scout(self, buffer: &[u8]) -> Self {
        Self { scouted: Some(ChunkIndex::new(&buffer[..self.count])), ..self }
    }
}

/// Creates a buffer for one chunk.
pub fn empty_buffer() -> Vec<u8> {
    vec![0; ROOM + CHUNK_BYTES]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    /// Everything that comes, with the last seven bytes of each piece left over for the next, and its digest.
    fn all<R: Read>(mut pieces: ChunkReader<R>) -> io::Result<(Vec<u8>, TestId)> {
        let (mut buffer, mut all) = (empty_buffer(), Vec::new());
        let mut rest = ROOM..ROOM;
        loop {
            let place = pieces.next(&mut buffer, rest.clone())?;
            if place.len() == rest.len() {
                all.extend_from_slice(&buffer[place]);
                assert_eq!(pieces.bytes(), all.len() as u64);
                return Ok((all, pieces.digest()));
            }
            let used = place.len().saturating_sub(7);
            all.extend_from_slice(&buffer[place.start..place.start + used]);
            rest = place.start + used..place.end;
        }
    }

    /// So many bytes, of which no piece is like another.
    fn bytes(count: usize) -> Vec<u8> {
        (0..count).map(|at| (at ^ (at >> 8) ^ (at >> 17)) as u8).collect()
    }

    /// Gives less than is asked for.
    struct Slow<R>(R);

    impl<R: Read> Read for Slow<R> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = into.len().min(60_001);
            self.0.read(&mut into[..count])
        }
    }

    #[test]
    fn every_byte_comes_once_in_order_with_one_digest() {
        for count in [
            0,
            1,
            CHUNK_BYTES - 1,
            CHUNK_BYTES,
            CHUNK_BYTES + 1,
            4 * CHUNK_BYTES,
            5 * CHUNK_BYTES,
            5 * CHUNK_BYTES + 11,
        ] {
            let bytes = bytes(count);
            let (read, digest) = all(ChunkReader::here(bytes.as_slice())).unwrap();
            assert!(read == bytes, "{count}");
            for other in [
                all(ChunkReader::here(Slow(bytes.as_slice()))).unwrap(),
                all(ChunkReader::ahead(io::Cursor::new(bytes.clone())).unwrap()).unwrap(),
                all(ChunkReader::side_by_side(|| Ok(io::Cursor::new(bytes.clone()))).unwrap()).unwrap(),
            ] {
                assert!(other.0 == bytes, "{count}");
                assert_eq!(other.1, digest, "{count}");
            }
        }
    }

    /// A file that breaks off at some byte.
    struct Broken {
        bytes: io::Cursor<Vec<u8>>,
        at: u64,
    }

    impl Read for Broken {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            match self.at.saturating_sub(self.bytes.position()) {
                0 => Err(io::Error::other("the disk is gone")),
                left => self.bytes.by_ref().take(left).read(into),
            }
        }
    }

    impl Seek for Broken {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.bytes.seek(to)
        }
    }

    #[test]
    fn read_error_is_not_the_end_of_the_file() {
        for at in [0, 5, CHUNK_BYTES, CHUNK_BYTES + 5, 2 * CHUNK_BYTES, 4 * CHUNK_BYTES + 11] {
            let open = || Broken { bytes: io::Cursor::new(bytes(5 * CHUNK_BYTES)), at: at as u64 };
            for mut pieces in [
                ChunkReader::here(open()),
                ChunkReader::ahead(open()).unwrap(),
                ChunkReader::side_by_side(|| Ok(open())).unwrap(),
            ] {
                let mut buffer = empty_buffer();
                let mut read = 0;
                let error = loop {
                    match pieces.next(&mut buffer, ROOM..ROOM) {
                        Ok(place) => read += place.len(),
                        Err(error) => break error,
                    }
                    assert!(read <= at);
                };
                assert_eq!((read, error.to_string().as_str()), (at, "the disk is gone"));
                assert!(
                    pieces.next(&mut buffer, ROOM..ROOM).is_err(),
                    "what comes after an error is no end either"
                );
            }
        }
    }
}

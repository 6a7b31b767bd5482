//! The bytes of a file in large pieces, read where they are needed or ahead on a thread of their own.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// Where each piece begins in its buffer. Before it there is room for what is left of the one before.
pub const ROOM: usize = 64 << 10;
/// Bytes read at a time.
const PIECE: usize = 512 << 10;
/// Buffers on their way while reading ahead, beside the one in use.
const AHEAD: usize = 3;

/// Reads pieces of a file.
pub enum Pieces<R> {
    /// When they are asked for.
    Here(R),
    /// Before they are asked for, on a thread that ends when this is dropped.
    Ahead {
        /// Buffers that have been filled, and where their bytes end.
        filled: Receiver<io::Result<(Vec<u8>, usize)>>,
        /// Buffers to fill.
        spent: Sender<Vec<u8>>,
    },
}

impl<R: Read> Pieces<R> {
    /// Puts the next piece into a buffer of [`empty`], and right before it the `rest` of what was there, at most
    /// [`ROOM`] bytes. Gives the place of both; at the end of the file there is nothing but the rest.
    ///
    /// # Errors
    /// If reading fails.
    pub fn next(&mut self, buffer: &mut Vec<u8>, rest: Range<usize>) -> io::Result<Range<usize>> {
        let start = ROOM - rest.len();
        match self {
            Self::Here(inner) => {
                buffer.copy_within(rest, start);
                let count = read(inner, &mut buffer[ROOM..])?;
                Ok(start..ROOM + count)
            }
            Self::Ahead { filled, spent } => {
                let gone = || io::Error::other("reading has stopped after an error");
                let (mut next, end) = filled.recv().map_err(|_| gone())??;
                next[start..ROOM].copy_from_slice(&buffer[rest]);
                // Nobody takes it only where reading has failed, which the next piece says.
                let _ = spent.send(std::mem::replace(buffer, next));
                Ok(start..end)
            }
        }
    }
}

impl<R: Read + Send + 'static> Pieces<R> {
    /// Begins to read ahead.
    ///
    /// # Errors
    /// If there can be no thread.
    pub fn ahead(mut inner: R) -> io::Result<Self> {
        let (spent, to_fill) = channel::<Vec<u8>>();
        let (done, filled) = channel();
        for _ in 0..AHEAD {
            let _ = spent.send(empty());
        }
        thread::Builder::new().name("read-ahead".to_owned()).spawn(move || {
            for mut buffer in to_fill {
                let piece = read(&mut inner, &mut buffer[ROOM..]).map(|count| (buffer, ROOM + count));
                let failed = piece.is_err();
                if done.send(piece).is_err() || failed {
                    break;
                }
            }
        })?;
        Ok(Self::Ahead { filled, spent })
    }
}

/// A buffer for one piece.
pub fn empty() -> Vec<u8> {
    vec![0; ROOM + PIECE]
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    /// Everything that comes, with the last seven bytes of each piece left over for the next.
    fn all<R: Read>(mut pieces: Pieces<R>) -> io::Result<Vec<u8>> {
        let (mut buffer, mut all) = (empty(), Vec::new());
        let mut rest = ROOM..ROOM;
        loop {
            let place = pieces.next(&mut buffer, rest.clone())?;
            if place.len() == rest.len() {
                all.extend_from_slice(&buffer[place]);
                return Ok(all);
            }
            let used = place.len().saturating_sub(7);
            all.extend_from_slice(&buffer[place.start..place.start + used]);
            rest = place.start + used..place.end;
        }
    }

    /// Bytes of which no piece is like another.
    fn bytes() -> Vec<u8> {
        (0..5 * PIECE + 11).map(|at| (at ^ (at >> 8) ^ (at >> 17)) as u8).collect()
    }

    #[test]
    fn every_byte_comes_once_and_in_order_here_and_ahead() {
        assert!(all(Pieces::Here(bytes().as_slice())).unwrap() == bytes());
        assert!(all(Pieces::ahead(io::Cursor::new(bytes())).unwrap()).unwrap() == bytes());
    }

    #[test]
    fn an_error_while_reading_ahead_is_never_the_end_of_the_file() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let mut pieces = Pieces::ahead(io::Cursor::new(bytes()).chain(Broken)).unwrap();
        let mut buffer = empty();
        let mut read = 0;
        let error = loop {
            match pieces.next(&mut buffer, ROOM..ROOM) {
                Ok(place) => read += place.len(),
                Err(error) => break error,
            }
            assert!(read <= bytes().len());
        };
        assert_eq!((read, error.to_string().as_str()), (bytes().len(), "the disk is gone"));
        assert!(pieces.next(&mut buffer, ROOM..ROOM).is_err(), "what comes after an error is no end either");
    }
}

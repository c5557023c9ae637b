//! Lines out of pieces of any size, and the SHA-256 of all but the last.

use sha2::{Digest, Sha256};

/// The most bytes that a line may have.
pub const LONGEST: usize = 1 << 20;

/// Cuts pieces into lines.
#[derive(Debug, Default)]
pub struct Lines {
    /// The beginning of a line whose end has not come yet.
    begun: Vec<u8>,
    before: Sha256,
}

/// A line that is longer than any line may be.
#[derive(Debug)]
pub struct TooLong;

impl Lines {
    /// Hands over each whole line, without its newline, until the taker wants no more; what follows is handed to it
    /// in the next call. A line counts to the SHA-256 once it was taken with `true`.
    pub fn push<E: From<TooLong>>(
        &mut self,
        mut piece: &[u8],
        mut take: impl FnMut(&[u8], &Sha256) -> Result<bool, E>,
    ) -> Result<(), E> {
        // Whole lines of the piece are hashed together: that is much faster than line by line.
        while let Some(end) = newline(piece) {
            if self.begun.is_empty() {
                return self.whole_lines(piece, take);
            }
            self.begun.extend_from_slice(&piece[..=end]);
            let line = std::mem::take(&mut self.begun);
            piece = &piece[end + 1..];
            if take(short(&line[..line.len() - 1])?, &self.before)? {
                self.before.update(&line);
            }
        }
        self.begin(piece)
    }

    fn whole_lines<E: From<TooLong>>(
        &mut self,
        piece: &[u8],
        mut take: impl FnMut(&[u8], &Sha256) -> Result<bool, E>,
    ) -> Result<(), E> {
        let (mut hashed, mut at) = (0, 0);
        while let Some(length) = newline(&piece[at..]) {
            let line = short(&piece[at..at + length])?;
            if line.starts_with(b"end ") {
                self.before.update(&piece[hashed..at]);
                hashed = at;
            }
            if !take(line, &self.before)? {
                hashed = at + length + 1;
            }
            at += length + 1;
        }
        self.before.update(&piece[hashed..at]);
        self.begin(&piece[at..])
    }

    fn begin<E: From<TooLong>>(&mut self, rest: &[u8]) -> Result<(), E> {
        if self.begun.len() + rest.len() > LONGEST {
            return Err(TooLong.into());
        }
        self.begun.extend_from_slice(rest);
        Ok(())
    }

    /// Whether a line has begun that has no end.
    pub fn is_cut(&self) -> bool {
        !self.begun.is_empty()
    }
}

/// A line that came whole may be too long, too.
fn short(line: &[u8]) -> Result<&[u8], TooLong> {
    if line.len() > LONGEST { Err(TooLong) } else { Ok(line) }
}

fn newline(bytes: &[u8]) -> Option<usize> {
    memchr::memchr(b'\n', bytes)
}

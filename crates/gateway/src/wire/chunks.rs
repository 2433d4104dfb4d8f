//! Where a chunked body ends (RFC 9112 §7.1), read strictly.

/// The most bytes of chunk extensions in one body.
const EXTENSION_BYTES: usize = 4096;

/// The most bytes of the trailer section.
const TRAILER_BYTES: usize = 8192;

/// Sixteen digits fill 64 bits: no size can overflow.
const SIZE_DIGITS: u8 = 16;

/// Follows a chunked body to its end without keeping any of it.
#[derive(Debug)]
pub(super) struct Chunks {
    state: State,
    extension_bytes: usize,
    trailer_bytes: usize,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Size { value: u64, digits: u8 },
    Extension { size: u64 },
    SizeLf { size: u64 },
    Data { left: u64 },
    DataCr,
    DataLf,
    TrailerStart,
    Trailer,
    TrailerLf,
    EndLf,
    End,
}

impl Chunks {
    pub(super) fn new() -> Self {
        Self { state: State::Size { value: 0, digits: 0 }, extension_bytes: 0, trailer_bytes: 0 }
    }

    /// Whether the body has ended.
    pub(super) fn ended(&self) -> bool {
        matches!(self.state, State::End)
    }

    /// How many of these bytes belong to the body; all of them, unless it ends among them.
    pub(super) fn advance(&mut self, bytes: &[u8]) -> Result<usize, &'static str> {
        let mut at = 0;
        while at < bytes.len() && !self.ended() {
            if let State::Data { left } = self.state {
                let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len() - at);
                let left = left - here as u64;
                self.state = if left == 0 { State::DataCr } else { State::Data { left } };
                at += here;
            } else if let Some(byte) = bytes.get(at) {
                self.state = self.step(*byte)?;
                at += 1;
            }
        }
        Ok(at)
    }

    fn step(&mut self, byte: u8) -> Result<State, &'static str> {
        match (self.state, byte) {
            (State::Size { value, digits }, byte) => Self::size(value, digits, byte),
            (State::Extension { size }, b'\r') => Ok(State::SizeLf { size }),
            (State::Extension { size }, byte) if is_text(byte) => {
                self.extension_bytes += 1;
                if self.extension_bytes > EXTENSION_BYTES {
                    return Err("chunk extensions are too long");
                }
                Ok(State::Extension { size })
            }
            (State::SizeLf { size: 0 }, b'\n') => Ok(State::TrailerStart),
            (State::SizeLf { size }, b'\n') => Ok(State::Data { left: size }),
            (State::DataCr, b'\r') => Ok(State::DataLf),
            (State::DataLf, b'\n') => Ok(State::Size { value: 0, digits: 0 }),
            (State::TrailerStart, b'\r') => Ok(State::EndLf),
            (State::Trailer, b'\r') => Ok(State::TrailerLf),
            (State::TrailerStart | State::Trailer, byte) if is_text(byte) => {
                self.trailer_bytes += 1;
                if self.trailer_bytes > TRAILER_BYTES {
                    return Err("the trailer section is too long");
                }
                Ok(State::Trailer)
            }
            (State::TrailerLf, b'\n') => Ok(State::TrailerStart),
            (State::EndLf, b'\n') => Ok(State::End),
            _ => Err("the chunked body is not well-formed"),
        }
    }

    fn size(value: u64, digits: u8, byte: u8) -> Result<State, &'static str> {
        if let Some(digit) = char::from(byte).to_digit(16) {
            if digits == SIZE_DIGITS {
                return Err("a chunk size is too large");
            }
            return Ok(State::Size { value: (value << 4) | u64::from(digit), digits: digits + 1 });
        }
        match byte {
            b'\r' if digits > 0 => Ok(State::SizeLf { size: value }),
            b';' if digits > 0 => Ok(State::Extension { size: value }),
            _ => Err("a chunk size is not a hexadecimal number"),
        }
    }
}

fn is_text(byte: u8) -> bool {
    byte == b'\t' || (byte >= 0x20 && byte != 0x7f)
}

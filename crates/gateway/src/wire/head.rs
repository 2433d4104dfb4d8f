//! The head of a request, checked line by line as it arrives (RFC 9112 §2–6).

use webhook::Rejection;

use super::chunks::Chunks;
use crate::Settings;

/// Empty lines before a request line that are passed over (RFC 9112 §2.2 asks for at least one).
const LEADING_LINES: usize = 2;

/// How the body of a request is delimited.
#[derive(Debug)]
pub(super) enum Framing {
    /// There is none, or it has ended.
    None,
    /// So many bytes are still to come.
    Length(u64),
    /// It ends with a chunk of size 0.
    Chunked(Chunks),
}

/// What is known after looking at all bytes so far.
#[derive(Debug)]
pub(super) enum Progress {
    /// The head is not complete.
    Partial,
    /// The head ends after so many bytes, and this is how its body is delimited.
    Complete(usize, Framing),
    /// The request is refused.
    Refused(Rejection),
}

/// Checks one head. Bytes are looked at once however they are cut up in arriving.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// Where the first line that is not checked yet begins.
    line_start: usize,
    /// Up to where that line was searched for its end.
    searched: usize,
    leading_lines: usize,
    headers_start: usize,
    headers: usize,
    request_line: Option<Version>,
    length: Option<u64>,
    chunked: bool,
    hosts: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    Http10,
    Http11,
}

impl Head {
    /// Looks at the head again after more of it has arrived. `bytes` begins where the head begins.
    pub(super) fn look(&mut self, bytes: &[u8], settings: &Settings) -> Progress {
        match self.lines(bytes, settings) {
            Ok(None) => Progress::Partial,
            Ok(Some(end)) => match self.framing() {
                Ok(framing) => Progress::Complete(end, framing),
                Err(why) => Progress::Refused(Rejection::Malformed { why }),
            },
            Err(rejection) => Progress::Refused(rejection),
        }
    }

    /// Checks all complete lines; the position after the empty line that ends the head, if it is there.
    fn lines(&mut self, bytes: &[u8], settings: &Settings) -> Result<Option<usize>, Rejection> {
        while let Some(length) =
            bytes.get(self.searched..).and_then(|rest| rest.iter().position(|b| *b == b'\n'))
        {
            let end = self.searched + length;
            let line = bytes.get(self.line_start..end).unwrap_or_default();
            let Some(line) = line.strip_suffix(b"\r") else {
                return malformed("a line ends without a carriage return");
            };
            self.line_start = end + 1;
            self.searched = end + 1;
            match self.request_line {
                None if line.is_empty() => {
                    self.leading_lines += 1;
                    if self.leading_lines > LEADING_LINES {
                        return malformed("empty lines stand before the request line");
                    }
                }
                None => {
                    self.request_line = Some(request_line(line, settings)?);
                    self.headers_start = end + 1;
                }
                Some(_) if line.is_empty() => {
                    self.too_large(end, settings)?;
                    return Ok(Some(end + 1));
                }
                Some(_) => {
                    self.too_large(end, settings)?;
                    self.header(line, settings)?;
                }
            }
        }
        self.searched = bytes.len();
        self.too_large(bytes.len(), settings)?;
        Ok(None)
    }

    /// Refuses a head that is too long already, before its end is there.
    fn too_large(&self, end: usize, settings: &Settings) -> Result<(), Rejection> {
        match self.request_line {
            // One more for the carriage return that may be the last byte so far.
            None if end - self.line_start > settings.request_line_bytes + 1 => Err(Rejection::UriTooLong),
            Some(_) if end.saturating_sub(self.headers_start) > settings.headers_bytes => {
                Err(Rejection::HeadersTooLarge)
            }
            _ => Ok(()),
        }
    }

    fn header(&mut self, line: &[u8], settings: &Settings) -> Result<(), Rejection> {
        self.headers += 1;
        if self.headers > settings.headers {
            return Err(Rejection::HeadersTooLarge);
        }
        if let Some(b' ' | b'\t') = line.first() {
            return malformed("a header is folded over several lines");
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return malformed("a header line has no colon");
        };
        let (name, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if name.is_empty() || !name.iter().all(|byte| is_token(*byte)) {
            return malformed("a header name has a character that names cannot have");
        }
        if !value.iter().all(|byte| *byte == b'\t' || (*byte >= 0x20 && *byte != 0x7f)) {
            return malformed("a header value has a control character");
        }
        match name.len() {
            4 if name.eq_ignore_ascii_case(b"host") => self.host(value),
            14 if name.eq_ignore_ascii_case(b"content-length") => self.content_length(value),
            17 if name.eq_ignore_ascii_case(b"transfer-encoding") => self.transfer_encoding(value),
            _ => Ok(()),
        }
    }

    fn host(&mut self, value: &[u8]) -> Result<(), Rejection> {
        self.hosts += 1;
        let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:[]%".contains(byte);
        if value.iter().all(allowed) { Ok(()) } else { malformed("the Host header is no host") }
    }

    fn content_length(&mut self, value: &[u8]) -> Result<(), Rejection> {
        let digits = !value.is_empty() && value.len() <= 19 && value.iter().all(u8::is_ascii_digit);
        let length = std::str::from_utf8(value).ok().filter(|_| digits).and_then(|text| text.parse().ok());
        match (length, self.length) {
            (Some(_), None) => {
                self.length = length;
                Ok(())
            }
            (Some(_), Some(_)) => malformed("Content-Length stands there twice"),
            (None, _) => malformed("Content-Length is not a number"),
        }
    }

    fn transfer_encoding(&mut self, value: &[u8]) -> Result<(), Rejection> {
        if self.chunked {
            return malformed("Transfer-Encoding stands there twice");
        }
        self.chunked = value.eq_ignore_ascii_case(b"chunked");
        if self.chunked { Ok(()) } else { malformed("Transfer-Encoding is not exactly chunked") }
    }

    /// RFC 9112 §6.3, with every case refused that two readers might decide differently.
    fn framing(&self) -> Result<Framing, &'static str> {
        if self.request_line == Some(Version::Http11) && self.hosts != 1 {
            return Err("HTTP/1.1 needs exactly one Host header");
        }
        match (self.chunked, self.length) {
            (true, Some(_)) => Err("both Content-Length and Transfer-Encoding are given"),
            (true, None) if self.request_line == Some(Version::Http10) => {
                Err("HTTP/1.0 has no Transfer-Encoding")
            }
            (true, None) => Ok(Framing::Chunked(Chunks::new())),
            (false, None | Some(0)) => Ok(Framing::None),
            (false, Some(length)) => Ok(Framing::Length(length)),
        }
    }
}

fn request_line(line: &[u8], settings: &Settings) -> Result<Version, Rejection> {
    if line.len() > settings.request_line_bytes {
        return Err(Rejection::UriTooLong);
    }
    let mut parts = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return malformed("the request line is not method, target and version");
    };
    if method.is_empty() || !method.iter().all(|byte| is_token(*byte)) {
        return malformed("the method has a character that methods cannot have");
    }
    if target.is_empty() || !target.iter().all(|byte| matches!(byte, 0x21..=0x7e) && *byte != b'#') {
        return malformed("the target has a character that targets cannot have");
    }
    match version {
        b"HTTP/1.1" => Ok(Version::Http11),
        b"HTTP/1.0" => Ok(Version::Http10),
        _ => malformed("the version is neither HTTP/1.1 nor HTTP/1.0"),
    }
}

/// RFC 9110 §5.6.2, as a table: it is asked for every byte of every name.
const TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let others = b"!#$%&'*+-.^_`|~";
    let mut at = 0;
    while at < others.len() {
        table[others[at] as usize] = true;
        at += 1;
    }
    table
};

fn is_token(byte: u8) -> bool {
    TOKEN[usize::from(byte)]
}

fn malformed<T>(why: &'static str) -> Result<T, Rejection> {
    Err(Rejection::Malformed { why })
}

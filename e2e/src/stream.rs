//! A listener to the server-sent events of a project, over a socket of its own.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::server::TOKEN;

/// One message.
#[derive(Clone, Debug)]
pub struct Message {
    /// What it is about.
    pub event: String,
    /// Where to go on from.
    pub id: String,
    /// What it says.
    pub data: Value,
}

/// An open stream.
pub struct Stream {
    reader: BufReader<TcpStream>,
    text: String,
}

impl Stream {
    /// Opens the stream at a path below `/api/v1/`; every read gives up after `patience`.
    pub fn open(authority: &str, path: &str, last: Option<&str>, patience: Duration) -> io::Result<Self> {
        let mut socket = TcpStream::connect(authority)?;
        socket.set_read_timeout(Some(patience))?;
        let last = last.map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
        let head = format!(
            "GET /api/v1/{path} HTTP/1.1\r\nhost: {authority}\r\nauthorization: Bearer {TOKEN}\r\n{last}\r\n"
        );
        socket.write_all(head.as_bytes())?;
        let mut stream = Stream { reader: BufReader::new(socket), text: String::new() };
        let status = stream.line()?;
        if !status.starts_with("HTTP/1.1 200 ") {
            return Err(io::Error::other(status));
        }
        while !stream.line()?.is_empty() {}
        Ok(stream)
    }

    /// The next message; `None` at the proper end of the stream, an error where it breaks off.
    pub fn message(&mut self) -> io::Result<Option<Message>> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let found = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                    found.unwrap_or_default().to_owned()
                };
                let message = Message {
                    event: field("event"),
                    id: field("id"),
                    data: serde_json::from_str(&field("data")).unwrap_or_default(),
                };
                self.text = rest.to_owned();
                // a comment is no message
                if !message.event.is_empty() {
                    return Ok(Some(message));
                }
            }
            if !self.chunk()? {
                return Ok(None);
            }
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// Reads one chunk of the body; `false` at the last one.
    fn chunk(&mut self) -> io::Result<bool> {
        let size = usize::from_str_radix(&self.line()?, 16).map_err(io::Error::other)?;
        let mut bytes = vec![0; size + 2];
        self.reader.read_exact(&mut bytes)?;
        bytes.truncate(size);
        self.text.push_str(&String::from_utf8(bytes).map_err(io::Error::other)?);
        Ok(size > 0)
    }
}

//! A client that sends exactly the bytes it is given.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use crate::world::PATIENCE;

/// One answer, taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn closes(&self) -> bool {
        self.header("connection") == Some("close")
    }
}

/// A connection and what has come over it.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    received: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(at: SocketAddr) -> Self {
        Self::try_connect(at).unwrap()
    }

    /// `None` when nobody listens any more.
    pub(crate) fn try_connect(at: SocketAddr) -> Option<Self> {
        let stream = TcpStream::connect(at).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Some(Self { stream, received: Vec::new() })
    }

    /// Sends; the other side may have closed already.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    pub(crate) fn end_of_sending(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// The next answer; `None` when the connection was closed. A reset is a failure of the test.
    pub(crate) fn answer(&mut self) -> Option<Answer> {
        loop {
            if let Some((answer, length)) = parse(&self.received) {
                self.received.drain(..length);
                return Some(answer);
            }
            if self.read() == 0 {
                assert!(
                    self.received.is_empty(),
                    "half an answer: {}",
                    String::from_utf8_lossy(&self.received)
                );
                return None;
            }
        }
    }

    /// All answers up to the end of the connection, which must come from the other side.
    pub(crate) fn answers(&mut self) -> Vec<Answer> {
        std::iter::from_fn(|| self.answer()).collect()
    }

    /// The raw bytes of what comes next.
    pub(crate) fn raw(&mut self) -> Vec<u8> {
        if self.received.is_empty() {
            self.read();
        }
        std::mem::take(&mut self.received)
    }

    fn read(&mut self) -> usize {
        let mut buffer = [0; 16 * 1024];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(count) => {
                    self.received.extend_from_slice(&buffer[..count]);
                    return count;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => panic!(
                    "the answer did not come: {error}; so far: {}",
                    String::from_utf8_lossy(&self.received)
                ),
            }
        }
    }
}

/// Sends one request on a connection of its own and gives its one answer.
pub(crate) fn exchange(at: SocketAddr, bytes: &[u8]) -> Answer {
    let mut client = Client::connect(at);
    client.send(bytes);
    client.end_of_sending();
    let mut answers = client.answers();
    assert_eq!(answers.len(), 1, "{answers:?}");
    answers.remove(0)
}

fn parse(bytes: &[u8]) -> Option<(Answer, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status: u16 = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .filter(|line| !line.is_empty())
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut answer = Answer { status, headers, body: Vec::new() };
    let length: usize = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
    let body = bytes.get(end..end + length)?;
    answer.body = body.to_vec();
    Some((answer, end + length))
}

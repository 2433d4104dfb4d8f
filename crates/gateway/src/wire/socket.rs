//! A socket that lets through whole, unambiguous messages, keeps time, and closes without a reset.

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;
use webhook::Rejection;

use super::Link;
use super::head::{Framing, Head, Progress};
use super::patience::Patience;
use crate::Settings;

/// What the HTTP library reads instead of a head that is refused.
const STAND_IN: &[u8] = b"POST / HTTP/1.1\r\n\r\n";

/// How long a stopping gateway keeps a connection between two requests. A busy client sends its next one by then
/// and is told with the answer that the connection ends, where a close might meet a request on its way.
const LAST_CALL: Duration = Duration::from_millis(250);

/// The most bytes that are read from the socket at once.
const READ_BYTES: usize = 64 * 1024;

thread_local! {
    /// Bytes go through here on their way to the library, so that an idle connection has no buffer of its own.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES]);
}

/// What the bytes are that come next.
enum Phase {
    /// The head of the next request.
    Head(Head),
    /// The body of the current one.
    Body(Framing),
    /// The head was refused: nothing is read any more.
    Refused,
    /// The body is not well-formed: nothing is read any more.
    Broken(&'static str),
}

/// One connection's bytes.
pub(crate) struct Wire {
    stream: TcpStream,
    link: Arc<Link>,
    settings: Arc<Settings>,
    draining: Arc<AtomicBool>,
    phase: Phase,
    /// Received, and not handed to the library yet.
    held: Vec<u8>,
    /// How many of the held bytes the library may have.
    cleared: usize,
    /// Whether the held bytes after the cleared ones were not looked at yet.
    unseen: bool,
    deadline: Instant,
    read_patience: Patience,
    write_patience: Patience,
    write_deadline: Option<Instant>,
    lingering: Option<(Instant, usize)>,
    last_call: Option<Instant>,
}

impl Wire {
    pub(crate) fn new(
        stream: TcpStream,
        link: Arc<Link>,
        settings: Arc<Settings>,
        draining: Arc<AtomicBool>,
    ) -> Self {
        Self {
            stream,
            link,
            deadline: Instant::now() + settings.head_timeout,
            settings,
            draining,
            phase: Phase::Head(Head::default()),
            held: Vec::new(),
            cleared: 0,
            unseen: false,
            read_patience: Patience::default(),
            write_patience: Patience::default(),
            write_deadline: None,
            lingering: None,
            last_call: None,
        }
    }

    /// Looks at bytes that begin where the last cleared ones ended; how many of them the library may have.
    fn look(&mut self, bytes: &[u8]) -> usize {
        let mut clear = 0;
        if let Phase::Head(head) = &mut self.phase {
            match head.look(bytes, &self.settings) {
                Progress::Partial => return 0,
                Progress::Refused(why) => {
                    self.refuse(why);
                    return 0;
                }
                Progress::Complete(end, framing) => {
                    clear = end;
                    self.phase = Phase::Body(framing);
                }
            }
        }
        if let Phase::Body(framing) = &mut self.phase {
            let rest = bytes.get(clear..).unwrap_or_default();
            let ended = match framing {
                Framing::None => true,
                Framing::Length(left) => {
                    let here = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    *left -= here as u64;
                    clear += here;
                    *left == 0
                }
                Framing::Chunked(chunks) => match chunks.advance(rest) {
                    Ok(here) => {
                        clear += here;
                        chunks.ended()
                    }
                    Err(why) => {
                        self.link.refuse_body(Rejection::Malformed { why });
                        self.phase = Phase::Broken(why);
                        return clear;
                    }
                },
            };
            if ended {
                self.phase = Phase::Head(Head::default());
                self.deadline = Instant::now() + self.settings.idle_timeout;
            } else {
                // Whoever reads the body may be stricter; this is for those who set no limit of their own.
                self.deadline = Instant::now() + self.settings.body_timeout;
            }
        }
        clear
    }

    /// Puts the stand-in where the head was, and tells the service why.
    fn refuse(&mut self, why: Rejection) {
        self.link.refuse_head(why);
        self.phase = Phase::Refused;
        self.held.clear();
        self.held.extend_from_slice(STAND_IN);
        self.cleared = STAND_IN.len();
        self.unseen = false;
    }

    /// Hands cleared bytes over.
    fn hand_over(&mut self, out: &mut ReadBufCursor<'_>) {
        let count = self.cleared.min(out.remaining());
        out.put_slice(self.held.get(..count).unwrap_or_default());
        self.held.drain(..count);
        self.cleared -= count;
        if self.held.is_empty() {
            self.held = Vec::new();
        }
    }

    /// Takes in what the socket has. `Ready(true)` when there was something, `Ready(false)` at its end.
    fn poll_take_in(&mut self, cx: &mut Context<'_>, out: &mut ReadBufCursor<'_>) -> Poll<io::Result<bool>> {
        SCRATCH.with_borrow_mut(|scratch| {
            let most = out.remaining().min(scratch.len());
            let mut buffer = ReadBuf::new(scratch.get_mut(..most).unwrap_or_default());
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))?;
            let bytes = buffer.filled();
            if bytes.is_empty() {
                return Poll::Ready(Ok(false));
            }
            if self.held.is_empty() {
                let first_of_head = matches!(self.phase, Phase::Head(_));
                let clear = self.look(bytes);
                if matches!(self.phase, Phase::Refused) {
                    return Poll::Ready(Ok(true));
                }
                if clear == 0 && first_of_head {
                    // The first bytes of a head have come: from now on it is the head that takes its time.
                    self.deadline = self.deadline.min(Instant::now() + self.settings.head_timeout);
                }
                let now = clear.min(out.remaining());
                let (handed, kept) = bytes.split_at(now);
                out.put_slice(handed);
                self.held.extend_from_slice(kept);
                self.cleared = clear - now;
                self.unseen = clear > 0 && clear < bytes.len();
            } else {
                self.held.extend_from_slice(bytes);
                self.unseen = true;
            }
            Poll::Ready(Ok(true))
        })
    }

    /// What to do when the other side has nothing more to say.
    fn end(&mut self) -> bool {
        let broken_off = matches!(self.phase, Phase::Head(_)) && !self.held.is_empty();
        if broken_off {
            self.refuse(Rejection::Malformed { why: "the head broke off" });
        }
        broken_off
    }

    /// What to do while the other side says nothing.
    fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Waited>> {
        let between_requests = matches!(self.phase, Phase::Head(_)) && self.held.is_empty();
        if between_requests && self.draining.load(Ordering::Relaxed) {
            let last_call = *self.last_call.get_or_insert_with(|| Instant::now() + LAST_CALL);
            self.deadline = self.deadline.min(last_call);
        }
        ready!(self.read_patience.poll_over(cx, self.deadline));
        match self.phase {
            Phase::Head(_) if between_requests => Poll::Ready(Ok(Waited::Close)),
            Phase::Head(_) => {
                self.refuse(Rejection::Timeout { why: "the head did not come in time" });
                Poll::Ready(Ok(Waited::Refused))
            }
            _ => {
                self.link.refuse_body(Rejection::Timeout { why: "nothing of the body came for too long" });
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

enum Waited {
    Close,
    Refused,
}

impl Read for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut out: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let room = out.remaining();
        loop {
            if this.cleared == 0 && this.unseen {
                let held = std::mem::take(&mut this.held);
                this.unseen = false;
                let clear = this.look(&held);
                // A refusal has put the stand-in there instead.
                if !matches!(this.phase, Phase::Refused) {
                    this.unseen = clear > 0 && clear < held.len();
                    this.cleared = clear;
                    this.held = held;
                }
            }
            if this.cleared > 0 {
                this.hand_over(&mut out);
                return Poll::Ready(Ok(()));
            }
            match this.phase {
                // The answer is on its way, and the connection is closed after it.
                Phase::Refused => return Poll::Pending,
                Phase::Broken(why) => {
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, why)));
                }
                Phase::Head(_) | Phase::Body(_) => {}
            }
            match this.poll_take_in(cx, &mut out) {
                Poll::Ready(Ok(true)) if out.remaining() < room => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(true)) => {}
                Poll::Ready(Ok(false)) => {
                    if !this.end() {
                        return Poll::Ready(Ok(()));
                    }
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => match ready!(this.poll_wait(cx))? {
                    Waited::Close => return Poll::Ready(Ok(())),
                    Waited::Refused => {}
                },
            }
        }
    }
}

impl Wire {
    /// Fails a write that has waited too long for the client to take something.
    fn watched<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.write_deadline = None;
            if matches!(self.phase, Phase::Head(_)) && self.held.is_empty() {
                // However long the answer took, the time between two requests begins with its end.
                self.deadline = self.deadline.max(Instant::now() + self.settings.idle_timeout);
            }
            return written;
        }
        let deadline =
            *self.write_deadline.get_or_insert_with(|| Instant::now() + self.settings.write_timeout);
        ready!(self.write_patience.poll_over(cx, deadline));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Reads and throws away what the client still sends, so that its system delivers our answer to it instead
    /// of a reset.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let at_rest = matches!(self.phase, Phase::Head(_)) && self.held.is_empty();
        let timeout = self.settings.linger_timeout;
        let (until, mut left) =
            *self.lingering.get_or_insert_with(|| (Instant::now() + timeout, self.settings.linger_bytes));
        SCRATCH.with_borrow_mut(|scratch| {
            loop {
                let mut buffer = ReadBuf::new(scratch);
                match Pin::new(&mut self.stream).poll_read(cx, &mut buffer) {
                    Poll::Ready(Ok(())) if !buffer.filled().is_empty() && buffer.filled().len() <= left => {
                        left -= buffer.filled().len();
                        self.lingering = Some((until, left));
                    }
                    // Nothing was left unread: there is nothing that a reset could be sent for.
                    Poll::Pending if at_rest && left == self.settings.linger_bytes => return Poll::Ready(()),
                    Poll::Pending => return self.read_patience.poll_over(cx, until),
                    Poll::Ready(_) => return Poll::Ready(()),
                }
            }
        })
    }
}

impl Write for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watched(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watched(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.lingering.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        }
        self.poll_linger(cx).map(Ok)
    }
}

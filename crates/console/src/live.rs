//! What the API keeps beside single requests: open streams, drafts that are being tried, the client of test events,
//! names of elements.

use uuid::Uuid;

use crate::elements::Elements;
use crate::stream::Streams;
use crate::trial::Trials;
use crate::trigger::Sender;

/// Streams, trials, test events and known elements of this process.
#[derive(Debug)]
pub struct Live {
    pub(crate) streams: Streams,
    pub(crate) trials: Trials,
    pub(crate) sender: Sender,
    pub(crate) elements: Elements,
}

impl Default for Live {
    fn default() -> Self {
        Live::new(engine::Limits::default(), script::Limits::default())
    }
}

impl Live {
    /// Drafts are tried within these limits: those of the runner.
    pub fn new(engine: engine::Limits, script: script::Limits) -> Self {
        Live {
            streams: Streams::default(),
            trials: Trials::new(engine, script),
            sender: Sender::default(),
            elements: Elements::default(),
        }
    }

    /// Ends every open stream, and refuses nothing else. For the moment at which the process is told to stop: an
    /// open stream must not hold up the requests that end by themselves.
    pub fn end_streams(&self) {
        self.streams.end();
    }

    /// Something of this project was changed by a request.
    pub(crate) fn changed(&self, project: Uuid) {
        self.streams.wake(project);
    }
}

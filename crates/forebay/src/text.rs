//! Words for the person at the terminal; everything else goes to the log.

use std::io::Write;

/// A line on standard output. A closed pipe is no fault of ours and ends nothing.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A line on standard error.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

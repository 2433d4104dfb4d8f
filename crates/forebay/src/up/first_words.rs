//! What a person at a terminal is told: the address, the sign-in, and a `curl` line that works.
//!
//! The API key and the token are shown on a terminal only: standard output of a service ends in log files.

use std::io::IsTerminal;
use std::net::SocketAddr;

use super::wiring::Wired;
use crate::config::Config;
use crate::text::say;

/// Says where we are and what to do next.
pub(super) fn greet(config: &Config, wired: &Wired, bound: SocketAddr) {
    let address = super::reachable(bound);
    let data = config.data.display();
    say(&format!("Forebay {} is running.\n", env!("CARGO_PKG_VERSION")));
    say(&format!("  address   {address}"));
    say(&format!("  data      {data}"));
    if !std::io::stdout().is_terminal() {
        say(&format!("  sign-in   forebay token --data {data}"));
        say(&format!("  webhook   forebay url orders --data {data}   (if the sample project is there)"));
        return;
    }
    match &wired.first.admin_token {
        Some(token) => say(&format!("  sign-in   {}   (API token, shown this once)", token.reveal())),
        None => say(&format!("  sign-in   forebay token --data {data}   (prints a new API token)")),
    }
    if let Some(url) = &wired.sample_url {
        say("\nStart a process of the sample project Order intake:\n");
        say(&format!(
            "  curl -X POST -H 'Content-Type: application/json' -d '{{\"orderId\":\"ORD-1\",\"amount\":250}}' '{}'",
            url.reveal()
        ));
    }
    say("\nStop with Ctrl+C.");
}

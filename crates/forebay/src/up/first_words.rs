//! What a person at a terminal is told: the address, the sign-in, and a `curl` line that works.
//!
//! The API key and the sign-in link are shown on a terminal only: standard output of a service ends in log files.
//! Where there is no terminal, the first start's link is a file in the data folder.

use std::io::IsTerminal;
use std::net::SocketAddr;

use super::wiring::Wired;
use crate::config::Config;
use crate::data_folder::{self, DataFolder};
use crate::text::say;

/// Says where we are and what to do next.
pub(super) fn greet(
    config: &Config,
    folder: &DataFolder,
    wired: &Wired,
    bound: SocketAddr,
) -> Result<(), data_folder::Error> {
    let address = super::reachable(bound);
    let data = config.data.display();
    say(&format!("Forebay {} is running.\n", env!("CARGO_PKG_VERSION")));
    say(&format!("  address   {address}"));
    say(&format!("  data      {data}"));
    let Some(people) = &wired.console else {
        let roles: Vec<_> = config.roles.iter().map(|role| role.as_str()).collect();
        say(&format!("  role      {}", roles.join(", ")));
        return Ok(());
    };
    let public = if config.public_url.is_empty() { &address } else { &config.public_url };
    let link = people.first.sign_in_token.as_ref().map(|token| console::sign_in_url(public, token));
    let terminal = std::io::stdout().is_terminal();
    match &link {
        Some(link) if terminal => {
            say(&format!("  sign-in   {}   (sets the password, once)", link.reveal()));
        }
        Some(link) => {
            let file = folder.write_sign_in_link(link.reveal())?;
            say(&format!("  sign-in   the link in {} sets the password, once", file.display()));
        }
        None => say(&format!("  sign-in   {public}   (lost: forebay sign-in-link --data {data})")),
    }
    say(&format!("  token     forebay token --data {data}   (for programs and curl)"));
    if !terminal {
        say(&format!("  webhook   forebay url orders --data {data}   (if the sample project is there)"));
        return Ok(());
    }
    if let Some(url) = &people.sample_url {
        say("\nStart a process of the sample project Order intake:\n");
        say(&format!(
            "  curl -X POST -H 'Content-Type: application/json' -d '{{\"orderId\":\"ORD-1\",\"amount\":250}}' '{}'",
            url.reveal()
        ));
    }
    say("\nStop with Ctrl+C.");
    Ok(())
}

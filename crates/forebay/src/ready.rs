//! `forebay ready`: asks the process on a data folder whether it is ready, for health checks without further tools.

use std::time::Duration;

use crate::config::Config;
use crate::data_folder;
use crate::text::say;
use crate::up::Error;

/// Less than what a health check waits.
const PATIENCE: Duration = Duration::from_secs(2);

/// Says what `/readyz` says; an error where that is not "ready".
pub(crate) fn ask(config: &Config) -> Result<(), Error> {
    let not = |why: String| Error::NotReady(why);
    let address = data_folder::address(&config.data)
        .ok_or_else(|| not(format!("no Forebay is running on {}", config.data.display())))?;
    let agent =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build();
    let answer = agent.new_agent().get(format!("{address}/readyz")).call();
    let mut answer = answer.map_err(|e| not(format!("{address}: {e}")))?;
    let said = answer.body_mut().read_to_string().map_err(|e| not(e.to_string()))?;
    if answer.status() != 200 {
        return Err(not(said.trim().to_owned()));
    }
    say(said.trim());
    Ok(())
}

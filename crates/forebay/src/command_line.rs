//! What can be typed after `forebay`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::backup;
use crate::config::{self, Config, Role};
use crate::ready;
use crate::text::{complain, say};
use crate::transfer::{self, Export, Import, Server};
use crate::up;

/// The exit code for a wrong command line or configuration (sysexits.h, EX_USAGE).
const USAGE: u8 = 64;

#[derive(Parser)]
#[command(
    name = "forebay",
    version,
    about = "Incoming webhooks that start BPMN processes, exactly once.",
    long_about = "Forebay accepts webhooks on generated URLs, stores each one durably before it answers 200, and starts \
                  every BPMN process that is connected to it, exactly once.\n\nBegin with:  forebay up",
    after_help = "Every setting stands, with its meaning and its default, in config.default.toml; a file (--config) and \
                  variables named FOREBAY_… win over it.",
    disable_help_subcommand = true
)]
struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Start everything in this process, on embedded parts, in one data folder.
    Up {
        /// Address to listen on [default: 127.0.0.1:8080].
        #[arg(long, value_name = "ADDR")]
        listen: Option<String>,
        /// Leave out the sample project on the first start.
        #[arg(long)]
        no_sample: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Start chosen roles in this process, on a Kafka and a PostgreSQL that other processes share.
    Run {
        /// What this process does, separated by commas.
        #[arg(long, value_name = "ROLE", value_delimiter = ',', required = true)]
        role: Vec<Role>,
        /// Address to listen on [default: 127.0.0.1:8080].
        #[arg(long, value_name = "ADDR")]
        listen: Option<String>,
        /// Leave out the sample project on the first start.
        #[arg(long)]
        no_sample: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Bring the store's tables up to this version, and stop. Every start does it too.
    Migrate {
        #[command(flatten)]
        place: Place,
    },
    /// Read the configuration, say everything that is wrong with it, and stop.
    CheckConfig {
        #[command(flatten)]
        place: Place,
    },
    /// Ask the process that runs on the data folder whether it is ready; exit code 0 if it is.
    Ready {
        #[command(flatten)]
        place: Place,
    },
    /// Make a new API token and print it; it is shown this once.
    Token {
        /// What the token is for, as the console lists it.
        #[arg(long, default_value = "command line")]
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Make a one-time link that sets a user's password and signs in, and print it; the one before it is void.
    SignInLink {
        /// The user's e-mail [default: the administrator who was made first].
        #[arg(long, value_name = "EMAIL")]
        email: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Write a project as a folder of readable files, or as one .tar.gz: to keep it in git, or to move it elsewhere.
    Export {
        #[command(flatten)]
        wish: Export,
        #[command(flatten)]
        there: There,
    },
    /// Read what `export` wrote: as a new project, or into the work in progress of one.
    Import {
        #[command(flatten)]
        wish: Import,
        #[command(flatten)]
        there: There,
    },
    /// Copy everything of a data folder into a new folder, while Forebay runs on it or not.
    Backup {
        /// The folder to make.
        folder: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Make a new data folder of what `backup` made.
    Restore {
        /// The backup's folder.
        folder: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Print the URL of a webhook, its API key included.
    Url {
        /// The webhook's name, or project/name where two projects have one of that name.
        name: String,
        #[command(flatten)]
        place: Place,
    },
}

/// Where the configuration and the data are.
#[derive(Args)]
struct Place {
    /// Folder of the data [default: ./forebay-data].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Configuration file (TOML).
    #[arg(long, value_name = "FILE", env = "FOREBAY_CONFIG")]
    config: Option<PathBuf>,
}

/// Which Forebay: one at an address, or the one that runs on a data folder.
#[derive(Args)]
struct There {
    /// Address of a Forebay [default: the one that runs on the data folder].
    #[arg(long, value_name = "URL", env = "FOREBAY_SERVER", requires = "token")]
    server: Option<String>,
    /// API token for that address.
    #[arg(long, env = "FOREBAY_TOKEN", hide_env_values = true)]
    token: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// Reads the command line and does what it says.
pub(crate) fn run() -> ExitCode {
    match CommandLine::parse().verb {
        Verb::Up { listen, no_sample, place } => with_config(&place, |mut config| {
            config.listen = listen.unwrap_or(config.listen);
            config.sample &= !no_sample;
            up::run(config)
        }),
        Verb::Run { role, listen, no_sample, place } => with_config(&place, |mut config| {
            config.listen = listen.unwrap_or(config.listen);
            config.sample &= !no_sample;
            up::run_apart(config, &role)
        }),
        Verb::Migrate { place } => with_config(&place, |config| up::migrate(&config)),
        Verb::CheckConfig { place } => with_config(&place, |_| {
            say("The configuration is good.");
            Ok(())
        }),
        Verb::Ready { place } => with_config(&place, |config| ready::ask(&config)),
        Verb::Token { name, place } => with_config(&place, |config| up::keys::token(&config, &name)),
        Verb::SignInLink { email, place } => {
            with_config(&place, |config| up::keys::sign_in_link(&config, email.as_deref()))
        }
        Verb::Export { wish, there } => with_server(&there, |server| transfer::export(server, &wish)),
        Verb::Import { wish, there } => with_server(&there, |server| transfer::import(server, &wish)),
        Verb::Backup { folder, place } => {
            with_config(&place, |config| Ok(backup::back_up(&config, &folder)?))
        }
        Verb::Restore { folder, place } => {
            with_config(&place, |config| Ok(backup::restore(&config, &folder)?))
        }
        Verb::Url { name, place } => with_config(&place, |config| up::keys::url(&config, &name)),
    }
}

fn with_server(there: &There, act: impl FnOnce(&Server) -> Result<(), transfer::Error>) -> ExitCode {
    with_config(&there.place, |config| {
        let server = match (&there.server, &there.token) {
            (Some(url), Some(token)) => Server::new(url, token.clone()),
            _ => up::keys::running(&config)?,
        };
        Ok(act(&server)?)
    })
}

fn with_config(place: &Place, act: impl FnOnce(Config) -> Result<(), up::Error>) -> ExitCode {
    let mut config = match config::load(place.config.as_deref()) {
        Ok(config) => config,
        Err(faults) => {
            complain(&faults.to_string());
            return ExitCode::from(USAGE);
        }
    };
    if let Some(data) = &place.data {
        config.data.clone_from(data);
    }
    match act(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            match &e {
                up::Error::Apart(faults) => complain(&faults.to_string()),
                other => complain(&format!("forebay: {other}")),
            }
            ExitCode::from(e.exit_code())
        }
    }
}

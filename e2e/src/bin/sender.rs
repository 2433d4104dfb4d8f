//! The load client and checker as a process of its own: it speaks only HTTP and keeps its own ledger.

use std::io::{self, Read};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, Parser, Subcommand};
use e2e::api::Api;
use e2e::load::{self, Load};
use e2e::server::authority;
use e2e::verify::{self, Check};

#[derive(Parser)]
#[command(about = "Sends webhooks, writes down the answers, and checks afterwards what became of them.")]
struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Post unique events and keep a ledger; prints a summary as JSON.
    Send(Send),
    /// Compare the ledger with the API; prints the verdict as JSON, exit code 2 where something is lost or double.
    Verify(Verify),
}

#[derive(Args)]
struct Send {
    /// The address file in the server's data folder.
    #[arg(long)]
    address_file: PathBuf,
    /// Path and query of the webhook.
    #[arg(long)]
    target: String,
    #[arg(long, default_value_t = 64)]
    connections: usize,
    #[arg(long)]
    seed: u64,
    /// Number of the first event.
    #[arg(long, default_value_t = 0)]
    first: u64,
    #[arg(long, default_value_t = u64::MAX)]
    events: u64,
    /// Events per second at most; 0 for as fast as it goes.
    #[arg(long, default_value_t = 0)]
    rate: u64,
    #[arg(long)]
    ledger: PathBuf,
    /// Stop when standard input ends.
    #[arg(long)]
    until_stdin_ends: bool,
}

#[derive(Args)]
struct Verify {
    /// The address file in the server's data folder.
    #[arg(long)]
    address_file: PathBuf,
    /// That of the runner, where it is another server.
    #[arg(long)]
    runner_address_file: Option<PathBuf>,
    #[arg(long)]
    token: String,
    #[arg(long)]
    project: String,
    /// A process definition that every event starts; may be given several times.
    #[arg(long, required = true)]
    definition: Vec<String>,
    #[arg(long)]
    ledger: PathBuf,
    #[arg(long)]
    seed: u64,
    /// Compare the payload of one instance in so many.
    #[arg(long, default_value_t = 1)]
    one_in: u64,
}

static STOP: AtomicBool = AtomicBool::new(false);

fn main() -> io::Result<ExitCode> {
    match CommandLine::parse().verb {
        Verb::Send(send) => run_send(send),
        Verb::Verify(check) => run_verify(check),
    }
}

#[allow(clippy::print_stdout, reason = "the answer of a program")]
fn run_send(send: Send) -> io::Result<ExitCode> {
    if send.until_stdin_ends {
        std::thread::spawn(|| {
            let _ = io::stdin().read_to_end(&mut Vec::new());
            STOP.store(true, Ordering::Relaxed);
        });
    }
    let load = Load {
        address_file: send.address_file,
        target: send.target,
        connections: send.connections,
        seed: send.seed,
        first: send.first,
        events: send.events,
        rate: send.rate,
        ledger: send.ledger,
    };
    let summary = load::run(&load, &STOP)?;
    println!("{}", serde_json::to_string(&summary)?);
    Ok(ExitCode::SUCCESS)
}

#[allow(clippy::print_stdout, reason = "the answer of a program")]
fn run_verify(verify: Verify) -> io::Result<ExitCode> {
    let mut api = Api::at_file(&verify.address_file, &verify.token)?;
    if let Some(authority) = verify.runner_address_file.as_deref().and_then(authority) {
        api = api.with_runner(&authority);
    }
    let check = Check {
        project: verify.project,
        definitions: verify.definition,
        ledger: verify.ledger,
        seed: verify.seed,
        one_in: verify.one_in,
    };
    let verdict = verify::run(&api, &check)?;
    println!("{}", serde_json::to_string(&verdict)?);
    Ok(if verdict.is_good() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

//! Bar 12: far more at once than the machine can take, from 512 connections and then from a herd of 2,000.

use e2e::api::{Api, Project};
use e2e::load::Load;
use e2e::proc_stat;
use e2e::processes;
use e2e::random::seed;
use e2e::sending::{self, Sending};
use e2e::server::{Options, Server};
use e2e::verify::Check;

use crate::support::{JSON, accepted, heavy, home, parts, post};

/// What the process may hold at most, whatever comes.
const MEMORY: u64 = 512 * 1024 * 1024;

#[test]
fn too_much_is_refused_and_what_was_accepted_starts() {
    let _alone = heavy();
    let (_home, options) = home();
    overload(&options);
}

#[test]
fn too_much_is_refused_and_what_was_accepted_starts_on_kafka() {
    let _alone = heavy();
    let Some((_database, parts)) = parts("overload") else { return };
    let (_home, options) = home();
    overload(&options.envs(&parts));
}

fn overload(options: &Options) {
    // room for fewer than there are connections, as if there were many more of those
    let server = Server::start(&options.clone().env("FOREBAY_EVENT_LOG__QUEUE_RECORDS", "300")).unwrap();
    let project = Project::make(&Api::of(&server), "Overload").unwrap();
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let other = project.webhook("other", &[&processes::straight]).unwrap();
    let mut load = Load {
        address_file: options.address_file(),
        target: webhook.target.clone(),
        connections: 512,
        seed: seed("overload"),
        first: 0,
        events: 30_000,
        rate: 0,
        ledger: options.data.with_extension("ledger"),
    };
    for (connections, events) in [(512, 30_000), (2_000, 40_000)] {
        (load.connections, load.events) = (connections, events);
        let summary = Sending::start(&load).unwrap().wait().unwrap();
        load.first += events;
        let goodput = summary.accepted as f64 / summary.seconds;
        let resident = proc_stat::peak_resident(server.pid()) >> 20;
        eprintln!(
            "overload: {connections} connections: {goodput:.0} accepted/s, at most {resident} MiB, {summary:?}"
        );
        // every request has one of the two answers, and both came
        assert!(summary.accepted > 0 && summary.other.keys().eq([&503]), "{summary:?}");
        assert_eq!(summary.accepted + summary.other[&503] + summary.unanswered, events, "{summary:?}");
        assert_eq!(summary.unanswered, 0, "{summary:?}");
        assert!(resident << 20 < MEMORY, "{resident} MiB");
        // and at once all is as before
        accepted(server.authority(), &other.target, b"{}");
    }
    let refused = post(server.authority(), &other.target, JSON, b"{");
    assert_eq!(refused.status, 400, "{}", refused.text());
    let check = Check::of(&load, &project, &webhook);
    let verdict = sending::verify(&options.address_file(), &check).unwrap();
    eprintln!("overload: {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}\n{}", server.log_tail());
    server.stop().unwrap();
}

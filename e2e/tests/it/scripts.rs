//! Bar 19: hostile scripts and conditions end with a cause, and leave nothing behind.

use std::time::{Duration, Instant};

use e2e::api::{Api, Project};
use e2e::proc_stat;
use e2e::processes;
use e2e::server::Server;

use crate::support::{accepted, heavy, home, project};

/// Each must end in a failed trigger.
const FATAL: [(&str, &str); 12] = [
    ("endless loop", "for (;;) {}"),
    ("endless loop that catches", "for (;;) { try { for (;;) {} } catch {} }"),
    ("slow regular expression", r#"output.x = /^(a+)+$/.test("a".repeat(60) + "!")"#),
    ("growing BigInt", "let x = 3n; for (;;) x = x * x;"),
    ("growing string", r#"let s = "ab"; for (;;) s = s + s;"#),
    ("2 GB string", r#"output.x = "x".repeat(2147483647)"#),
    ("deep recursion", "const f = n => f(n + 1) + 1; f(0)"),
    ("array without end", "const a = []; for (;;) a.push(a.slice())"),
    ("promise flood", "const p = () => Promise.resolve().then(p); for (;;) p()"),
    ("not finite", "output.x = 0 / 0"),
    ("circle", "const o = {}; o.o = o; output.x = o"),
    ("typed array of 1 GB", "output.x = new Uint8Array(1 << 30).length"),
];

/// Each may end as it likes, but it must end.
const STRANGE: [(&str, &str); 8] = [
    ("huge character class", r#"new RegExp("[" + "a-z".repeat(1 << 18) + "]")"#),
    ("many groups", r#"new RegExp("(".repeat(70000) + ")".repeat(70000))"#),
    ("repeated counted group", r#"new RegExp("(?:(?:(?:a{0,9999}){0,9999}){0,9999})".repeat(50))"#),
    ("function from text", r#"output.x = typeof Function("return this")()"#),
    ("evaluated text", r#"output.x = eval("1 + 1")"#),
    ("a module", r#"import("os").then(os => os.exec(["true"]))"#),
    ("getter in output", "Object.defineProperty(output, 'x', {enumerable: true, get() { throw 1 }})"),
    ("proxy in output", "output.x = new Proxy({}, {ownKeys() { for (;;) {} }})"),
];

const POLLUTE: &str = r#"
    output.before = [({}).polluted, globalThis.leaked, typeof [].push, String(Object.keys(input))].join();
    for (const act of [
        () => { Object.prototype.polluted = 1; },
        () => { globalThis.leaked = 1; },
        () => { Array.prototype.push = null; },
        () => { ({}).__proto__.polluted = 1; },
        () => { input.webhookData = "changed"; },
    ]) { try { act(); } catch {} }
"#;

#[test]
fn hostile_scripts_end_and_leave_nothing_behind() {
    let _alone = heavy();
    let (_home, options) = home();
    let server = Server::start(&options).unwrap();
    let api = Api::of(&server);
    let project = project(&api, "Scripts");
    let data_source = project.data_source("hook").unwrap();
    for (at, (_, script)) in FATAL.iter().chain(&STRANGE).enumerate() {
        project.process(&format!("script-{at}"), &processes::script(&data_source, script)).unwrap();
    }
    let fatal: Vec<&str> =
        FATAL.iter().filter(|(_, script)| !script.contains("output.x")).map(|(_, s)| *s).collect();
    for (at, script) in fatal.iter().enumerate() {
        let condition = format!("(() => {{ {script}; return true }})()");
        project.process(&format!("condition-{at}"), &processes::condition(&data_source, &condition)).unwrap();
    }
    let polluter = project.process("polluter", &processes::script(&data_source, POLLUTE)).unwrap();
    let webhook = connect(&project, &data_source);
    let total = FATAL.len() + STRANGE.len() + fatal.len() + 1;
    let begun = Instant::now();
    let event = accepted(server.authority(), &webhook, b"{\"n\":1}");
    api.wait_past(&project.id, &event, Duration::from_secs(120)).unwrap();
    eprintln!("scripts: {total} processes with a hostile script in {:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(2 * total as u64), "{:?}", begun.elapsed());
    let failed = api.failed_triggers(&project.id).unwrap();
    for row in &failed {
        eprintln!("scripts: {}: {}", row.cause_code, row.cause.chars().take(160).collect::<String>());
        assert_eq!((row.stage.as_str(), &row.event_id), ("start", &event));
        assert!(!row.cause.is_empty());
    }
    assert!(
        failed.len() >= FATAL.len() + fatal.len(),
        "{} failed, at least {} must",
        failed.len(),
        FATAL.len() + fatal.len()
    );
    // the next ones are clean
    let last = accepted(server.authority(), &webhook, b"{\"n\":2}");
    api.wait_past(&project.id, &last, Duration::from_secs(120)).unwrap();
    let polluters: Vec<_> = api.instances(&project.id).unwrap();
    let polluters: Vec<_> = polluters.iter().filter(|i| i.process_definition_id == polluter).collect();
    assert_eq!(polluters.len(), 2);
    for instance in polluters {
        assert_eq!(instance.status, "completed");
        let before = api.variable(&project.id, &instance.id, "before", "").unwrap().text();
        assert_eq!(before, r#"",,function,webhookData""#);
    }
    let resident = proc_stat::resident(server.pid()) >> 20;
    eprintln!("scripts: {resident} MiB resident after it all");
    assert!(resident < 600, "{resident} MiB");
    assert!(e2e::server::is_ready(server.authority()));
}

fn connect(project: &Project, data_source: &str) -> String {
    project.commit("Hostile scripts").unwrap().good().unwrap();
    let trigger = project.trigger_of(data_source).unwrap();
    project.act(&trigger, "activate").unwrap();
    project.target(&trigger).unwrap()
}

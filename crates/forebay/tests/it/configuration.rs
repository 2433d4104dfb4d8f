//! `forebay check-config`: everything that is wrong, at once.

use std::process::Command;

use crate::command_line::{forebay, text};

fn check(content: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("forebay.toml");
    std::fs::write(&file, content).unwrap();
    let out = forebay(&["check-config", "--config", file.to_str().unwrap()]);
    (out.status.code(), text(&out.stdout) + &text(&out.stderr))
}

#[test]
fn the_defaults_are_good() {
    let out = forebay(&["check-config"]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    assert!(text(&out.stdout).contains("good"));
}

#[test]
fn the_defaults_written_out_as_a_file_are_good_too() {
    let whole =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config.default.toml")).unwrap();
    let (code, said) = check(&whole);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn all_faults_come_in_one_message_with_exit_64() {
    let (code, said) = check(
        "listen = \"nowhere\"\nlissten = \"127.0.0.1:1\"\npublic_url = \"hooks.example.com/\"\n\
         [gateway]\nbody_bytes = \"much\"\n[log]\nlevel = 3\n[runner]\nbatch_evnts = 1\n",
    );
    assert_eq!(code, Some(64), "{said}");
    for word in [
        "lissten",
        "gateway.body_bytes",
        "log.level",
        "runner.batch_evnts",
        "did you mean batch_events",
        "faults",
    ] {
        assert!(said.contains(word), "{word} is missing in:\n{said}");
    }
    // a fault of a type hides none of a rule, nor of another value
    let (code, said) = check(
        "listen = 5\n[threads]\ngateway = 100000\n[gateway]\nfoo = 1\nbody_bytes = 99999999\nhead_timeout_ms = -1\nheaders = 0\n\
         [runner]\nbatch_events = 0\n[runner.script]\nheap_bytes = 1\nstack_bytes = 1000000000\n[nope]\nx = 1\n",
    );
    assert_eq!(code, Some(64), "{said}");
    for word in [
        "listen: must be a text",
        "threads.gateway",
        "gateway.foo",
        "gateway.body_bytes",
        "gateway.head_timeout_ms: must be a whole number, 0 or more",
        "batch_events",
        "script.heap_bytes",
        "script.stack_bytes",
        "nope",
    ] {
        assert!(said.contains(word), "{word} is missing in:\n{said}");
    }
    assert!(!said.contains("usize") && !said.contains("i64"), "{said}");
    // rules that only make sense once the types are right
    let (code, said) = check(
        "listen = \"nowhere\"\npublic_url = \"hooks.example.com/\"\n\
         trusted_proxies = [\"10.0.0.0/8\", \"proxy\"]\n[gateway]\nbody_bytes = 2000000\n[log]\nlevel = \"loud=very\"\n[runner]\nbatch_events = 0\n",
    );
    assert_eq!(code, Some(64), "{said}");
    for word in [
        "listen",
        "public_url",
        "trusted_proxies: \"proxy\"",
        "gateway.body_bytes",
        "log.level",
        "batch_events",
    ] {
        assert!(said.contains(word), "{word} is missing in:\n{said}");
    }
}

#[test]
fn a_file_that_is_not_there_or_not_toml_is_named() {
    let out = forebay(&["check-config", "--config", "no-such-file.toml"]);
    assert_eq!(out.status.code(), Some(64));
    assert!(text(&out.stderr).contains("no-such-file.toml"));
    let (code, said) = check("listen = = 3");
    assert_eq!(code, Some(64));
    assert!(said.contains("TOML"), "{said}");
}

#[test]
fn variables_win_and_are_checked() {
    let run = |name: &str, value: &str| {
        let out = Command::new(env!("CARGO_BIN_EXE_forebay"))
            .arg("check-config")
            .env(name, value)
            .output()
            .unwrap();
        (out.status.code(), text(&out.stdout) + &text(&out.stderr))
    };
    assert_eq!(run("FOREBAY_LISTEN", "127.0.0.1:9999").0, Some(0));
    assert_eq!(run("FOREBAY_GATEWAY__BODY_TIMEOUT_MS", "2000").0, Some(0));
    assert_eq!(run("FOREBAY_TRUSTED_PROXIES", "[\"10.0.0.0/8\", \"::1\"]").0, Some(0));
    let (code, said) = run("FOREBAY_TRUSTED_PROXIES", "[\"0.0.0.0/0\"]");
    assert_eq!(code, Some(64));
    assert!(said.contains("trusted_proxies") && said.contains("trusts everybody"), "{said}");
    let (code, said) = run("FOREBAY_LISTEN", "nowhere");
    assert_eq!(code, Some(64));
    assert!(said.contains("listen"), "{said}");
    let (code, said) = run("FOREBAY_GATEWAY__BODY_TIMEOUT", "2000");
    assert_eq!(code, Some(64));
    assert!(said.contains("gateway.body_timeout"), "{said}");
    for (name, value, word) in [
        ("FOREBAY_LISTN", "127.0.0.1:1", "did you mean FOREBAY_LISTEN?"),
        ("FOREBAY_ROLE", "gateway", "did you mean FOREBAY_ROLES?"),
        ("FOREBAY_STORE", "postgres://x", "FOREBAY_STORE__"),
        ("FOREBAY_DATA", "", "data: must name a folder"),
        ("FOREBAY_ADMIN_TOKEN", "abc", "16 to 512"),
        ("FOREBAY_GATEWAY__BODY_BYTES", "-1", "must be a whole number, 0 or more"),
    ] {
        let (code, said) = run(name, value);
        assert_eq!(code, Some(64), "{name}: {said}");
        assert!(said.contains(word), "{name}: {said}");
    }
    // what is a text may look like a number
    for (name, value) in
        [("FOREBAY_EVENT_LOG__KAFKA__GROUP", "0123"), ("FOREBAY_EVENT_LOG__KAFKA__INSTANCE", "true")]
    {
        let (code, said) = run(name, value);
        assert_eq!(code, Some(0), "{name}: {said}");
    }
    // somebody else's variable is none of our business
    assert_eq!(run("FOREBAY_BPMN_MIWG", "/somewhere").0, Some(0));
}

#[test]
fn what_is_wrong_with_the_settings_of_kafka_is_named() {
    let kafka = "[event_log]\nkind = \"kafka\"\n[event_log.kafka]\n";
    let cases = [
        (kafka.to_owned(), "bootstrap"),
        (format!("{kafka}bootstrap = \"b:9092\"\ntopic_prefix = \"über.\"\n"), "topic_prefix"),
        (format!("{kafka}bootstrap = \"b:9092\"\nmessage_timeout_ms = 2500\n"), "message_timeout_ms"),
        (format!("{kafka}bootstrap = \"b:9092\"\ncompression = \"rar\"\n"), "compression"),
        (
            format!("{kafka}bootstrap = \"b:9092\"\n[event_log.kafka.topics]\nmin_insync_replicas = 4\n"),
            "min_insync_replicas",
        ),
        (
            format!("{kafka}bootstrap = \"b:9092\"\n[event_log.kafka.tls]\nca_file = \"ca.pem\"\n"),
            "tls.enabled",
        ),
        (
            format!("{kafka}bootstrap = \"b:9092\"\n[event_log.kafka.sasl]\nmechanism = \"plain\"\n"),
            "username and password",
        ),
        (
            format!("{kafka}bootstrap = \"b:9092\"\n[event_log.kafka.sasl]\nmechanism = \"oauthbearer\"\n"),
            "token_file or token_url",
        ),
        (
            format!("{kafka}bootstrap = \"b:9092\"\n[event_log.kafka.sasl]\npassword = \"hunter22\"\n"),
            "sasl.mechanism",
        ),
        (format!("{kafka}bootstrap = \",,\"\n"), "bootstrap"),
        (format!("{kafka}bootstrap = \"nonsense\"\n"), "host:port"),
        (format!("{kafka}bootstrap = \"a:9092,127.0.0.1:99999\"\n"), "127.0.0.1:99999"),
        (format!("{kafka}bootstrap = \"http://b:9092\"\n"), "host:port"),
        (
            format!("{kafka}bootstrap = \"b:9092\"\n[event_log.kafka.topics]\npartitions = 4000000000\n"),
            "partitions",
        ),
        (
            format!("{kafka}bootstrap = \"b:9092\"\n[event_log.kafka.topics]\nmin_insync_replicas = 0\n"),
            "min_insync_replicas",
        ),
        (
            format!("{kafka}bootstrap = \"b:9092\"\n[event_log.kafka.sasl]\ntoken_file = \"token\"\n"),
            "sasl.mechanism",
        ),
        (
            format!("{kafka}bootstrap = \"b:9092\"\n[event_log.kafka.tls]\nkey_password = \"hunter22\"\n"),
            "tls.enabled",
        ),
    ];
    for (content, word) in cases {
        let (code, said) = check(&content);
        assert_eq!(code, Some(64), "{content}\n{said}");
        assert!(said.contains(word) && !said.contains("hunter22"), "{word} is missing in:\n{said}");
    }
    for good in ["b:9092", "b1:9092, b2:9092", "[::1]:9092,127.0.0.1:1"] {
        let (code, said) = check(&format!("{kafka}bootstrap = \"{good}\"\n"));
        assert_eq!(code, Some(0), "{said}");
    }
}

#[test]
fn one_process_of_several_needs_what_they_share() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let out = forebay(&["run", "--role", "gateway,console", "--data", data.to_str().unwrap()]);
    let said = text(&out.stderr);
    assert_eq!(out.status.code(), Some(64), "{said}");
    for word in ["3 faults", "event_log.kind", "store.url", "master_key_file"] {
        assert!(said.contains(word), "{word} is missing in:\n{said}");
    }
    assert!(!data.exists(), "a refused start made a folder");
    let out = forebay(&["run", "--role", "gatway"]);
    assert!(!out.status.success() && text(&out.stderr).contains("gateway, runner, console"));
    let (code, said) = check("roles = []");
    assert_eq!(code, Some(64), "{said}");
    assert!(said.contains("roles"), "{said}");
}

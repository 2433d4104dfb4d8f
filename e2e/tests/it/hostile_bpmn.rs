//! Bar 18: hostile BPMN through the API: refused quickly, by name, and without taking memory.

use std::time::{Duration, Instant};

use e2e::api::Sent;
use e2e::proc_stat;
use e2e::processes;

use crate::support::{project, shared};

const OPEN: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:forebay="http://forebay.dev/schema/bpmn/1.0" targetNamespace="t">"#;

/// Files that cannot be read as BPMN.
fn unreadable() -> Vec<(&'static str, String)> {
    let lol: String =
        (1..20).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"\"")).collect();
    vec![
        ("empty", String::new()),
        ("no XML", "hello".to_owned()),
        ("not closed", format!("{OPEN}<process id=\"a\">")),
        ("another root", "<html xmlns=\"http://www.w3.org/1999/xhtml\"/>".to_owned()),
        (
            "an external entity",
            format!(
                "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{OPEN}<process id=\"a\" name=\"&x;\"/></definitions>"
            ),
        ),
        (
            "a billion laughs",
            format!(
                "<!DOCTYPE d [<!ENTITY l0 \"lol\">{lol}]>{OPEN}<process id=\"a\" name=\"&l19;\"/></definitions>"
            ),
        ),
        ("900,000 nodes", format!("{OPEN}{}</definitions>", "<a/>".repeat(900_000))),
        (
            "500,000 levels",
            format!("{OPEN}{}{}</definitions>", "<a>".repeat(500_000), "</a>".repeat(500_000)),
        ),
        ("300 levels", format!("{OPEN}{}{}</definitions>", "<a>".repeat(300), "</a>".repeat(300))),
        ("100,000 attributes", format!("{OPEN}<process id=\"a\"{attributes}/></definitions>")),
        ("4.5 MiB", format!("{OPEN}<!--{}--></definitions>", "x".repeat(9 * 512 * 1024))),
    ]
}

#[test]
fn unreadable_files_are_refused_quickly_and_cheaply() {
    let shared = shared();
    let project = project(&shared.api, "Hostile");
    let data_source = project.data_source("hook").unwrap();
    let id = project.process("walk", &processes::straight(&data_source)).unwrap();
    project.commit("Good").unwrap().good().unwrap();
    let before = proc_stat::resident(shared.server.pid());
    for (name, file) in unreadable() {
        let begun = Instant::now();
        let saved = project.save(&id, &file).unwrap();
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(10), "{name} took {took:?}");
        eprintln!("hostile: {name}: {} in {took:?}", saved.status);
        if saved.status / 100 == 2 {
            // a draft may be anything; a commit may not
            let commit = project.commit("Hostile").unwrap();
            assert_eq!(commit.status / 100, 4, "{name}: {}", commit.text());
        } else {
            assert_eq!(saved.status / 100, 4, "{name}: {}", saved.text());
        }
    }
    let grown = proc_stat::resident(shared.server.pid()).saturating_sub(before) >> 20;
    eprintln!("hostile: {grown} MiB more resident");
    assert!(grown < 100, "{grown} MiB");
    project.save(&id, &processes::branching(&data_source)).unwrap().good().unwrap();
    project.commit("Good again").unwrap().good().unwrap();
}

/// Well-formed files that must not be committed: what is wrong, and the element that must be named.
fn wrong(data_source: &str) -> Vec<(&'static str, &'static str, String)> {
    let good = processes::branching(data_source);
    let straight = processes::straight(data_source);
    let with = |what: &str| straight.replace("<endEvent id=\"done\"/>", what);
    vec![
        ("a flow to nowhere", "all", straight.replace("targetRef=\"done\"", "targetRef=\"gone\"")),
        (
            "a flow in a circle",
            "a",
            with(r#"<task id="a"/><endEvent id="done"/><sequenceFlow id="f" sourceRef="a" targetRef="a"/>"#),
        ),
        ("an unreachable element", "alone", with(r#"<endEvent id="done"/><endEvent id="alone"/>"#)),
        ("a complex gateway", "cg", with(r#"<endEvent id="done"/><complexGateway id="cg"/>"#)),
        ("a transaction", "tx", with(r#"<endEvent id="done"/><transaction id="tx"/>"#)),
        ("an id twice", "done", with(r#"<endEvent id="done"/><endEvent id="done"/>"#)),
        ("JavaScript that does not parse", "note", good.replace("output.review =", "output.review = = ")),
        ("a condition that does not parse", "big", good.replace("&gt; 100", "&gt; (100")),
        (
            "a data source that is not there",
            "received",
            processes::straight("00000000-0000-4000-8000-000000000000"),
        ),
        ("a data source that is no id", "received", processes::straight("../../etc/passwd")),
    ]
}

#[test]
fn wrong_drafts_are_kept_but_not_committed_and_the_element_is_named() {
    let shared = shared();
    let project = project(&shared.api, "Wrong");
    let data_source = project.data_source("hook").unwrap();
    let id = project.process("walk", &processes::straight(&data_source)).unwrap();
    for (name, element, file) in wrong(&data_source) {
        let saved = project.save(&id, &file).unwrap();
        assert_eq!(saved.status / 100, 2, "{name}: {}", saved.text());
        let commit = project.commit("Wrong").unwrap();
        assert_eq!(commit.status, 422, "{name}: {}", commit.text());
        assert!(commit.text().contains(&format!("#{element}\"")), "{name}: {}", commit.text());
        let check = shared
            .api
            .call("POST", &project.path("branches/main/check"), &Sent::Json(serde_json::json!({})))
            .unwrap();
        assert_eq!(check.status, 200, "{name}: {}", check.text());
        assert!(check.text().contains(&format!("\"{element}\"")), "{name}: {}", check.text());
    }
}

//! The files of the BPMN Model Interchange Working Group: what many tools really write.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use bpmn::model::{Definitions, Element, Kind, StartEvent};

/// Counts over all files, made with an independent XML parser.
const EXPECTED: [(&str, usize); 15] = [
    ("process", 720),
    ("sequenceFlow", 7138),
    ("*EventDefinition", 1483),
    ("startEvent", 912),
    ("endEvent", 1450),
    ("boundaryEvent", 483),
    ("exclusiveGateway", 653),
    ("parallelGateway", 234),
    ("subProcess", 323),
    ("userTask", 951),
    ("serviceTask", 388),
    ("sendTask", 208),
    ("callActivity", 171),
    ("intermediateCatchEvent", 263),
    ("conditionExpression", 262),
];

/// The files, or nothing where they are not there and need not be.
pub(crate) fn files() -> Option<Vec<(PathBuf, Vec<u8>)>> {
    let folder = std::env::var_os("FOREBAY_BPMN_MIWG").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bpmn-miwg"),
        PathBuf::from,
    );
    let mut found = Vec::new();
    collect(&folder, &mut found);
    if found.is_empty() {
        let strict = std::env::var_os("FOREBAY_STRICT").is_some_and(|value| value == "1");
        assert!(!strict, "no BPMN MIWG files in {}", folder.display());
        // past the capture of the test harness, so that it is seen
        let line = format!("skipped: no BPMN MIWG files in {}\n", folder.display());
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        return None;
    }
    found.sort();
    Some(
        found
            .into_iter()
            .map(|path| {
                let bytes = std::fs::read(&path).unwrap();
                (path, bytes)
            })
            .collect(),
    )
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "bpmn") {
            found.push(path);
        }
    }
}

fn event_definitions(element: &Element) -> usize {
    match &element.kind {
        Kind::StartEvent(StartEvent::Message(_)) | Kind::EndEvent(bpmn::model::EndEvent::Terminate) => 1,
        Kind::Other(other) => {
            other.event_definitions.iter().filter(|name| name.ends_with("EventDefinition")).count()
        }
        _ => 0,
    }
}

fn count(definitions: &Definitions, counts: &mut BTreeMap<String, usize>) {
    let mut add = |name: &str, number: usize| {
        *counts.entry(name.to_owned()).or_default() += number;
    };
    // a shared definition stands once in the file, however many events refer to it
    add("*EventDefinition", definitions.shared_event_definitions.len());
    let mut events = 0;
    for process in &definitions.processes {
        add("process", 1);
        add("sequenceFlow", process.flows.len());
        let conditions = process.flows.iter().filter(|f| f.condition.is_some());
        add("conditionExpression", conditions.count());
        for element in &process.elements {
            add(bpmn::tag(&element.kind), 1);
            events += event_definitions(element);
        }
    }
    let references: usize =
        definitions.shared_event_definitions.iter().map(|shared| shared.used_by.len()).sum();
    add("*EventDefinition", events - references);
}

#[test]
fn all_files_are_read_with_the_counts_of_an_independent_parser() {
    let Some(files) = files() else { return };
    assert_eq!(files.len(), 369);
    let mut counts = BTreeMap::new();
    for (path, bytes) in &files {
        let definitions = bpmn::read(bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        count(&definitions, &mut counts);
    }
    for (name, expected) in EXPECTED {
        assert_eq!(counts.get(name), Some(&expected), "{name}: {counts:?}");
    }
}

#[test]
fn every_element_that_does_not_run_is_named() {
    let Some(files) = files() else { return };
    let mut processes = 0;
    for (path, bytes) in &files {
        let file = bpmn::read(bytes).unwrap();
        for process in file.processes {
            processes += 1;
            let unsupported: Vec<String> = process
                .elements
                .iter()
                .filter(|element| matches!(element.kind, Kind::Other(_)))
                .map(|element| element.id.clone())
                .collect();
            // each process alone, so that each is the one that runs
            let alone = Definitions { processes: vec![process], ..Definitions::default() };
            let problems = bpmn::check(&alone, &crate::file::Parser, &|_| true);
            let named: Vec<&str> = problems
                .iter()
                .filter(|problem| problem.code == "unsupported-element")
                .filter_map(|problem| problem.element_id.as_deref())
                .collect();
            assert_eq!(named, unsupported, "{}", path.display());
        }
    }
    assert_eq!(processes, 720);
}

#[test]
fn references_of_real_files_are_followed() {
    let Some(files) = files() else { return };
    let mut unresolved = Vec::new();
    let mut duplicates = Vec::new();
    for (path, bytes) in &files {
        let file = bpmn::read(bytes).unwrap();
        let parts: Vec<_> = path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
        let name = format!("{}/{}", parts[1], parts[0]);
        unresolved.extend(file.unresolved.iter().map(|lost| format!("{name} {:?}", lost.reference)));
        duplicates.extend(file.duplicate_ids);
    }
    // all that is lost is lost in the files: a reference to a signal instead of its definition, two
    // defaults and two sources that were not exported
    let expected = [
        "Bonita BPM 7.2.3/B.2.0-roundtrip.bpmn EventDefinition",
        "Cardanit (prev. BeePMN) 4.9.1/C.8.1-roundtrip.bpmn Default",
        "Cardanit (prev. BeePMN) 4.9.1/C.8.1-roundtrip.bpmn Default",
        "actiBPM 3.E-8/A.3.0-export.bpmn Source",
        "actiBPM 3.E-8/A.3.0-export.bpmn Source",
    ];
    assert_eq!(unresolved, expected);
    assert!(duplicates.is_empty(), "{duplicates:?}");
}

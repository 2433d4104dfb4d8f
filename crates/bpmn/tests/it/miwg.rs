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

/// The element's XML name, from the model alone.
fn tag(element: &Element) -> &str {
    match &element.kind {
        Kind::StartEvent(_) => "startEvent",
        Kind::EndEvent(_) => "endEvent",
        Kind::ExclusiveGateway { .. } => "exclusiveGateway",
        Kind::ParallelGateway => "parallelGateway",
        Kind::ScriptTask(_) => "scriptTask",
        Kind::SubProcess(_) => "subProcess",
        Kind::Other(other) => &other.tag,
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
            add(tag(element), 1);
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

//! Any graph of elements, sensible or not.

use bpmn::model::Process;
use proptest::prelude::*;

use crate::build::Build;

/// Up to ten elements in the process and in one subprocess, flows between any of them, some dangling.
pub(crate) fn graph() -> impl Strategy<Value = Process> {
    let elements = prop::collection::vec((0u8..9, any::<bool>()), 1..10);
    let flows = prop::collection::vec((0usize..12, 0usize..12, 0u8..6), 0..20);
    (elements, flows).prop_map(|(elements, flows)| {
        let mut build = Build::new().start("n0");
        for inside in [false, true] {
            if inside {
                build = build.open("n1");
            }
            for (at, (kind, _)) in elements.iter().enumerate().filter(|(_, (_, deep))| *deep == inside) {
                build = element(build, *kind, &format!("n{}", at + 2));
            }
        }
        build = build.close();
        for (from, to, condition) in flows {
            let ends = format!("n{from}>n{to}");
            build = match condition {
                0 => build.when(&ends, "false"),
                1 => build.when(&ends, "x=1"),
                2 => build.when(&ends, "maybe"),
                _ => build.flow(&ends),
            };
        }
        build.done()
    })
}

fn element(build: Build, kind: u8, id: &str) -> Build {
    match kind {
        0 => build.start(id),
        1 => build.end(id),
        2 => build.terminate(id),
        3 => build.parallel(id),
        4 => build.exclusive(id),
        5 => build.script(id, "count n"),
        6 => build.script(id, "throw"),
        7 => build.other(id, "userTask"),
        _ => build.open(id).close(),
    }
}

/// A process with a subprocess three deep and one beside: mostly sensible, flows mostly inside one
/// scope, ids unlike each other. What [`graph`] rarely reaches is common here: joins that pass,
/// defaults, loops that end, several tokens on one flow, terminate ends below and above.
pub(crate) fn nested() -> impl Strategy<Value = Process> {
    let elements = prop::collection::vec((0u8..20, 0usize..SCOPES.len()), 2..14);
    let flows = prop::collection::vec((0usize..40, 0usize..40, 0u8..20), 2..24);
    (elements, flows, any::<[bool; 5]>()).prop_map(|(elements, flows, with_start)| {
        let mut scopes: Vec<Vec<String>> = vec![vec![]; SCOPES.len()];
        let mut build = Build::new();
        for (at, (id, parent)) in SCOPES.iter().enumerate() {
            if let Some(parent) = parent {
                build = if *parent == 0 { build } else { build.reopen(SCOPES[*parent].0) };
                build = build.open(id);
                scopes[*parent].push((*id).to_owned());
            }
            if at == 0 || with_start[at] {
                build = build.start(&format!("{id}-start"));
            }
            for (number, (kind, _)) in elements.iter().enumerate().filter(|(_, (_, scope))| *scope == at) {
                let element = format!("{id}-{number}");
                build = nested_element(build, *kind, &element);
                scopes[at].push(element);
            }
            build = build.root();
        }
        if with_start[0] {
            // Two tokens on one flow into a join, and one on the other: chance alone rarely draws it.
            build = build.exclusive("crowd").parallel("crowded");
            for ends in ["root-start>crowd", "root-start>crowd", "crowd>crowded", "root-start>crowded"] {
                build = build.flow(ends);
            }
            scopes[0].push("crowded".to_owned());
        }
        let first = |build: Build, at: usize| match scopes[at].first() {
            Some(element) if at == 0 || with_start[at] => {
                let start = format!("{}-start", SCOPES[at].0);
                let second = &scopes[at][1 % scopes[at].len()];
                build.flow(&format!("{start}>{element}")).flow(&format!("{start}>{second}"))
            }
            _ => build,
        };
        build = (0..SCOPES.len()).fold(build, first);
        flows.into_iter().fold(build, |build, flow| nested_flow(build, &scopes, flow)).done()
    })
}

/// Ids of the scopes, each with the one around it.
const SCOPES: [(&str, Option<usize>); 5] =
    [("root", None), ("a", Some(0)), ("b", Some(1)), ("c", Some(2)), ("d", Some(0))];

fn nested_element(build: Build, kind: u8, id: &str) -> Build {
    match kind {
        0 => build.end(id),
        1 => build.terminate(id),
        2..=6 => build.parallel(id),
        7..=10 => build.exclusive(id),
        11..=17 => build.script(id, &format!("count {}", ["n", "m"][usize::from(kind) % 2])),
        18 => build.script(id, "need x"),
        _ if id.len().is_multiple_of(2) => build.script(id, "throw"),
        _ => build.other(id, "userTask"),
    }
}

/// From any element to one of its own scope, mostly one of the next three; rarely to any.
fn nested_flow(build: Build, scopes: &[Vec<String>], (from, to, condition): (usize, usize, u8)) -> Build {
    let all: Vec<(usize, &String)> =
        scopes.iter().enumerate().flat_map(|(at, ids)| ids.iter().map(move |id| (at, id))).collect();
    let (scope, from) = all[from % all.len()];
    let here = &scopes[scope];
    let at = here.iter().position(|id| id == from).unwrap_or_default();
    let target = match condition {
        0 => all[to % all.len()].1,
        1..=7 => &here[to % here.len()],
        _ => &here[(at + 1 + to % 3) % here.len()],
    };
    let ends = format!("{from}>{target}");
    match condition {
        1 => build.when(&ends, "false"),
        2 => build.when(&ends, "n<3"),
        3 => build.when(&ends, "x=1"),
        4 => build.when(&ends, "maybe"),
        5 => build.default_flow(&ends),
        _ => build.flow(&ends),
    }
}

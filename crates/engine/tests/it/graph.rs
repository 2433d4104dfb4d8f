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

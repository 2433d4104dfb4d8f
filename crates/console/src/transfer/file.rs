//! Names of the diagrams' files.

use std::collections::HashSet;

/// Names that Windows keeps for devices, whatever ending follows.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Gives each process a file name that people can read and every system can keep. Names of resources have no
/// characters that a path must not have, and are unique without regard to case.
pub(super) fn names<'n>(processes: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut taken = HashSet::new();
    processes
        .map(|name| {
            let lower = name.to_lowercase();
            let device = DEVICES.contains(&lower.as_str())
                || lower
                    .strip_prefix("com")
                    .or_else(|| lower.strip_prefix("lpt"))
                    .is_some_and(|n| n.len() == 1);
            // a name that begins with a dot would be hidden
            let mut file = match (device, name.starts_with('.')) {
                (true, _) | (_, true) => format!("_{name}"),
                _ => name.to_owned(),
            };
            while !taken.insert(file.to_lowercase()) {
                file.push('_');
            }
            format!("{}/{file}.bpmn", super::project_file::PROCESSES)
        })
        .collect()
}

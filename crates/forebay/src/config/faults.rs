//! Everything that is wrong with a configuration, in one message.

use std::fmt;

/// Faults by setting.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<(String, String)>);

impl Faults {
    pub(crate) fn add(&mut self, setting: &str, fault: &str) {
        self.0.push((setting.to_owned(), fault.to_owned()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(f, "forebay: the configuration has {count} fault{}:", if count == 1 { "" } else { "s" })?;
        for (setting, fault) in &self.0 {
            if setting.is_empty() {
                write!(f, "\n  {fault}")?;
            } else {
                write!(f, "\n  {setting}: {fault}")?;
            }
        }
        Ok(())
    }
}

//! What a member is: a set of roles, and whether payloads may be read beside what they say.

use serde_json::{Value, json};

use crate::access::ROLES;
use crate::problem::Problem;

/// Roles in the order of their table, each once; none is no member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) roles: Vec<&'static str>,
    pub(super) payload: bool,
}

impl Standing {
    /// As it is stored.
    pub(super) fn of(row: &store::role::Member) -> Self {
        let stored: Vec<&str> = row.roles.split(' ').collect();
        Standing { roles: chosen(|name| stored.contains(&name)), payload: row.payload != 0 }
    }

    /// With these roles too.
    pub(super) fn and(&self, roles: &[&str], payload: bool) -> Self {
        let roles = chosen(|name| self.roles.contains(&name) || roles.contains(&name));
        Standing { roles, payload: self.payload || payload }
    }

    /// Without this role.
    pub(super) fn without(&self, role: &str) -> Self {
        let roles: Vec<&'static str> = self.roles.iter().copied().filter(|name| *name != role).collect();
        // who is no member has no flag either
        let payload = self.payload && !roles.is_empty();
        Standing { roles, payload }
    }

    /// The roles that the other does not have.
    pub(super) fn beyond(&self, other: &Standing) -> Vec<&'static str> {
        self.roles.iter().copied().filter(|name| !other.roles.contains(name)).collect()
    }

    /// For an audit entry.
    pub(super) fn told(&self) -> Value {
        json!({ "roles": self.roles, "payload": self.payload })
    }
}

/// The roles of these names.
pub(super) fn named(texts: &[String]) -> Result<Vec<&'static str>, Problem> {
    let known = |text: &String| ROLES.iter().any(|(_, name, _)| name == text);
    if texts.is_empty() || !texts.iter().all(known) {
        let all: Vec<&str> = ROLES.iter().map(|(_, name, _)| *name).collect();
        let message = format!("must be one or more of {}", all.join(", "));
        return Err(Problem::field("roles", "unknown", message));
    }
    Ok(chosen(|name| texts.iter().any(|text| text == name)))
}

fn chosen(wanted: impl Fn(&str) -> bool) -> Vec<&'static str> {
    ROLES.iter().map(|(_, name, _)| *name).filter(|name| wanted(name)).collect()
}

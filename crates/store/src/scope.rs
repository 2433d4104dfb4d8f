//! Whose rows a function may see.

use uuid::Uuid;

/// The tenancy path of a project. Every query of a project's things has the project's id in its
/// `WHERE`, so that a foreign id looks like an unknown one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The organization.
    pub organization: Uuid,
    /// The workspace in it.
    pub workspace: Uuid,
    /// The project in it.
    pub project: Uuid,
}

impl Scope {
    /// The project's id as it stands in the rows.
    pub fn project_text(&self) -> String {
        self.project.to_string()
    }
}

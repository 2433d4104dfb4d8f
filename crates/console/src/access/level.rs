//! Where an operation's right must be held.

use super::{Operation, Right};

/// Where an operation's right must be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nowhere: anybody, or anybody who is signed in.
    Nowhere,
    /// In the caller's own account.
    Account,
    /// On the project that the path names, or above it.
    Project,
    /// On the workspace that the path names, or above it.
    Workspace,
    /// On the organization that the path names.
    Organization,
    /// On every organization: it touches the whole installation.
    Installation,
    /// Anywhere: the request's body says where, and the handler asks there again.
    Anywhere,
    /// Nowhere, but the answer holds only what the caller may see.
    Filtered,
}

impl Operation {
    /// Where the right must be held: what the path names, else what the right is about.
    pub fn level(&self) -> Level {
        let named = |parameter: &str| self.path.split('/').any(|part| part == parameter);
        match self.right {
            Right::Public | Right::SignedIn => Level::Nowhere,
            Right::AccountManage => Level::Account,
            _ if named("{projectId}") => Level::Project,
            _ if named("{workspaceId}") => Level::Workspace,
            _ if named("{organizationId}") => Level::Organization,
            Right::UserManage | Right::AuditRead | Right::MemberManage => Level::Installation,
            Right::ProjectRead => Level::Filtered,
            _ => Level::Anywhere,
        }
    }
}

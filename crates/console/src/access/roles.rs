//! Roles: the one table of what each may do, and how roles on several levels come to rights.

use super::right::{Right, Rights};

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Sees everything but keys and payloads.
    Viewer,
    /// Draws and commits.
    Editor,
    /// Runs: activates, reveals URLs, resets keys, retries, cancels, chooses the policy.
    Operator,
    /// Everything.
    Admin,
}

const VIEWER: Rights = Rights::of(&[Right::ProjectRead, Right::RuntimeRead]);
const EDITOR: Rights = VIEWER.or(Rights::of(&[Right::Draw, Right::Commit]));
const OPERATOR: Rights = VIEWER.or(Rights::of(&[
    Right::PayloadRead,
    Right::PolicyWrite,
    Right::TriggerOperate,
    Right::TriggerRevealUrl,
    Right::TriggerResetApiKey,
    Right::RuntimeOperate,
]));

/// Every role, its name, and what it may do on the level it is given on and below.
pub const ROLES: &[(Role, &str, Rights)] = &[
    (Role::Viewer, "viewer", VIEWER),
    (Role::Editor, "editor", EDITOR),
    (Role::Operator, "operator", OPERATOR),
    (Role::Admin, "admin", Rights::ALL),
];

/// What every user may do with their own account, whatever their roles are.
pub(crate) const OWN_ACCOUNT: Rights = Rights::of(&[Right::AccountManage]);

/// What a role gives, with the extra flag `payload`; a word that is no role gives nothing.
pub(crate) fn rights(role: &str, payload: bool) -> Rights {
    let found = ROLES.iter().find(|(_, name, _)| *name == role);
    let base = found.map_or(Rights::NONE, |(_, _, rights)| *rights);
    if payload { base.or(Rights::of(&[Right::PayloadRead])) } else { base }
}

/// The union of what several assignments give; `None` where there is none at all.
pub(crate) fn union(given: &[store::role::Given]) -> Option<Rights> {
    given.iter().map(|one| rights(&one.role, one.payload != 0)).reduce(Rights::or)
}

/// What a token's scopes allow at most; `admin` is whatever its user may.
pub(crate) fn scopes(words: &str) -> Rights {
    words.split(' ').fold(Rights::NONE, |all, word| match word {
        "admin" => Rights::ALL,
        word => Right::parse(word).map_or(all, |right| all.or(Rights::of(&[right]))),
    })
}

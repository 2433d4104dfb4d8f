//! Rights: what a caller must be allowed to, and sets of them.

/// What a caller must be allowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Nothing: open to everybody.
    Public,
    /// Any valid credentials.
    SignedIn,
    /// Change what belongs to oneself: sessions, tokens, password. Every user may; a token only with this scope.
    AccountManage,
    /// See projects, their branches, resources, commits, policy and triggers.
    ProjectRead,
    /// Make, rename and delete projects.
    ProjectManage,
    /// Change the work in progress of a branch; make branches.
    Draw,
    /// Commit.
    Commit,
    /// Choose which commit runs.
    PolicyWrite,
    /// Activate and deactivate triggers, and set their limits.
    TriggerOperate,
    /// See a webhook's URL with its key.
    TriggerRevealUrl,
    /// Replace a webhook's key.
    TriggerResetApiKey,
    /// See instances, events, failed triggers and commands, without payloads.
    RuntimeRead,
    /// See what senders sent: payloads and variables.
    PayloadRead,
    /// Retry and dismiss failed triggers, cancel instances.
    RuntimeOperate,
    /// Give and take roles.
    MemberManage,
    /// Make, change and disable users, and make sign-in links for them.
    UserManage,
    /// See who did what.
    AuditRead,
}

/// Every right that a role or a token's scope can carry.
pub const GRANTABLE: &[Right] = &[
    Right::AccountManage,
    Right::ProjectRead,
    Right::ProjectManage,
    Right::Draw,
    Right::Commit,
    Right::PolicyWrite,
    Right::TriggerOperate,
    Right::TriggerRevealUrl,
    Right::TriggerResetApiKey,
    Right::RuntimeRead,
    Right::PayloadRead,
    Right::RuntimeOperate,
    Right::MemberManage,
    Right::UserManage,
    Right::AuditRead,
];

impl Right {
    /// As the API document and tokens name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Right::Public => "public",
            Right::SignedIn => "signed-in",
            Right::AccountManage => "account:manage",
            Right::ProjectRead => "project:read",
            Right::ProjectManage => "project:manage",
            Right::Draw => "resource:write",
            Right::Commit => "commit:create",
            Right::PolicyWrite => "policy:write",
            Right::TriggerOperate => "trigger:operate",
            Right::TriggerRevealUrl => "trigger:reveal-url",
            Right::TriggerResetApiKey => "trigger:reset-api-key",
            Right::RuntimeRead => "runtime:read",
            Right::PayloadRead => "payload:read",
            Right::RuntimeOperate => "runtime:operate",
            Right::MemberManage => "member:manage",
            Right::UserManage => "user:manage",
            Right::AuditRead => "audit:read",
        }
    }

    /// The right of this name, if roles and tokens can carry it.
    pub(crate) fn parse(text: &str) -> Option<Right> {
        GRANTABLE.iter().copied().find(|right| right.as_str() == text)
    }
}

/// A set of rights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights(u32);

impl Rights {
    /// None.
    pub const NONE: Rights = Rights(0);
    /// Every right.
    pub const ALL: Rights = Rights(u32::MAX);

    /// These.
    pub const fn of(rights: &[Right]) -> Rights {
        let (mut bits, mut at) = (0, 0);
        while at < rights.len() {
            bits |= 1 << rights[at] as u32;
            at += 1;
        }
        Rights(bits)
    }

    /// Those of either.
    pub const fn or(self, other: Rights) -> Rights {
        Rights(self.0 | other.0)
    }

    /// Those of both.
    pub const fn and(self, other: Rights) -> Rights {
        Rights(self.0 & other.0)
    }

    /// Whether this one is in it.
    pub const fn has(self, right: Right) -> bool {
        self.0 & (1 << right as u32) != 0
    }

    /// Their names.
    pub(crate) fn names(self) -> Vec<String> {
        let named = GRANTABLE.iter().filter(|right| self.has(**right));
        named.map(|right| right.as_str().to_owned()).collect()
    }
}

-- Who may: roles on three levels, sign-in by password and one-time link, sessions, tokens, and the audit's chain.

-- Grows with each change of a user; times in milliseconds.
ALTER TABLE app_user ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE app_user ADD COLUMN password_changed_at BIGINT;
ALTER TABLE app_user ADD COLUMN signed_in_at BIGINT;
CREATE INDEX app_user_by_disabled ON app_user (disabled, email);

-- level: 'organization', 'workspace', 'project'; target_id is one of that level. role: 'viewer', 'editor',
-- 'operator', 'admin'; payload: 1 if payloads may be read beside what the role says.
CREATE TABLE role_assignment (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES app_user (id),
    level TEXT NOT NULL,
    target_id TEXT NOT NULL,
    role TEXT NOT NULL,
    payload BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX role_assignment_once ON role_assignment (user_id, level, target_id);
CREATE INDEX role_assignment_by_target ON role_assignment (level, target_id, id);

-- The user who was there first stays what they were: administrator of everything.
INSERT INTO role_assignment (id, user_id, level, target_id, role, payload, revision, created_by, created_at, updated_at)
SELECT o.id, u.id, 'organization', o.id, 'admin', 0, 1, NULL, o.created_at, o.created_at
FROM organization o
CROSS JOIN (SELECT id FROM app_user ORDER BY created_at, id LIMIT 1) u;

-- Which projects a user reaches by a role above them.
CREATE INDEX project_by_workspace ON project (workspace_id, id);
CREATE INDEX project_by_organization ON project (organization_id, id);

-- sha256 is of the cookie's value as sent. A session that ended has no row.
CREATE TABLE user_session (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES app_user (id),
    sha256 BYTEA NOT NULL,
    source_address TEXT,
    user_agent TEXT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX user_session_once ON user_session (sha256);
CREATE INDEX user_session_by_user ON user_session (user_id, id, source_address);

-- A link that sets a password and signs in, once. A used or replaced one has no row.
CREATE TABLE sign_in_link (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES app_user (id),
    sha256 BYTEA NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sign_in_link_once ON sign_in_link (sha256);
CREATE INDEX sign_in_link_by_user ON sign_in_link (user_id, id);

-- Wrong passwords of late. subject: an account or an address, folded into a fixed number of buckets, so that a
-- stranger cannot make the table grow.
CREATE TABLE sign_in_failure (
    subject TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

CREATE INDEX api_token_by_user ON api_token (user_id, id);
CREATE INDEX api_token_by_project ON api_token (project_id, id);

-- Each entry carries the SHA-256 of the entry before it in its chain and of itself. chain: a project's id, or
-- 'installation'. The row of audit_chain is the end of it: the last sequence and hash.
ALTER TABLE audit_entry ADD COLUMN session_id TEXT;
ALTER TABLE audit_entry ADD COLUMN chain TEXT;
ALTER TABLE audit_entry ADD COLUMN sequence BIGINT;
ALTER TABLE audit_entry ADD COLUMN sha256 BYTEA;
CREATE TABLE audit_chain (
    chain TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL,
    sha256 BYTEA NOT NULL
);
CREATE UNIQUE INDEX audit_entry_in_chain ON audit_entry (chain, sequence);
CREATE INDEX audit_entry_by_project_user ON audit_entry (project_id, user_id, id);
CREATE INDEX audit_entry_by_project_action ON audit_entry (project_id, action, id);
CREATE INDEX audit_entry_by_project_both ON audit_entry (project_id, user_id, action, id);
CREATE INDEX audit_entry_by_target ON audit_entry (target, id, action, user_id, project_id);
CREATE INDEX audit_entry_by_user ON audit_entry (user_id, id);
CREATE INDEX audit_entry_by_action ON audit_entry (action, id);
CREATE INDEX audit_entry_by_both ON audit_entry (user_id, action, id);

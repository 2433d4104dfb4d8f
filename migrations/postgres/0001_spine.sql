-- The spine: the SQLite folder says the same with BLOB for BYTEA; a test compares the two.

CREATE TABLE installation (
    id TEXT PRIMARY KEY,
    created_at BIGINT NOT NULL
);

CREATE TABLE organization (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE workspace (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX workspace_by_organization ON workspace (organization_id, id);

CREATE TABLE project (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    workspace_id TEXT NOT NULL REFERENCES workspace (id),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX project_name_once ON project (workspace_id, name_folded);

CREATE TABLE branch (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    name TEXT NOT NULL,
    head_commit_id TEXT,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX branch_name_once ON branch (project_id, name);

-- What a thing is, the same in all commits. kind: 'data-source' or 'process-definition'.
CREATE TABLE resource_definition (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX resource_definition_by_project ON resource_definition (project_id, kind, id);

-- One content of it, never changed. settings: JSON text; bpmn: the XML as it came (processes only).
CREATE TABLE resource_version (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    resource_definition_id TEXT NOT NULL REFERENCES resource_definition (id),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    settings TEXT NOT NULL,
    bpmn BYTEA,
    created_by TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX resource_version_by_definition ON resource_version (resource_definition_id, id);

-- The work in progress of a branch: the version of each resource in it. A removed one has no row.
CREATE TABLE branch_resource (
    branch_id TEXT NOT NULL REFERENCES branch (id),
    resource_definition_id TEXT NOT NULL REFERENCES resource_definition (id),
    resource_version_id TEXT NOT NULL REFERENCES resource_version (id),
    kind TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    revision BIGINT NOT NULL,
    updated_by TEXT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (branch_id, resource_definition_id)
);
CREATE UNIQUE INDEX branch_resource_name_once ON branch_resource (branch_id, kind, name_folded);
CREATE INDEX branch_resource_by_version ON branch_resource (resource_version_id);

CREATE TABLE project_commit (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    branch_id TEXT NOT NULL REFERENCES branch (id),
    number BIGINT NOT NULL,
    message TEXT NOT NULL,
    author_id TEXT,
    parent_id TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX project_commit_number_once ON project_commit (branch_id, number);
CREATE INDEX project_commit_by_project ON project_commit (project_id, id);

CREATE TABLE commit_resource (
    commit_id TEXT NOT NULL REFERENCES project_commit (id),
    resource_definition_id TEXT NOT NULL,
    resource_version_id TEXT NOT NULL REFERENCES resource_version (id),
    kind TEXT NOT NULL,
    PRIMARY KEY (commit_id, resource_definition_id)
);
CREATE INDEX commit_resource_by_version ON commit_resource (resource_version_id);

-- data source -> process, for each commit: what the runner fans out to.
CREATE TABLE commit_link (
    commit_id TEXT NOT NULL REFERENCES project_commit (id),
    data_source_id TEXT NOT NULL,
    process_definition_id TEXT NOT NULL,
    resource_version_id TEXT NOT NULL REFERENCES resource_version (id),
    element_id TEXT NOT NULL,
    PRIMARY KEY (commit_id, data_source_id, process_definition_id)
);

-- kind: 'latest' (on branch_id) or 'pinned' (pinned_commit_id). running_commit_id is what it comes to now.
CREATE TABLE active_policy (
    project_id TEXT PRIMARY KEY REFERENCES project (id),
    kind TEXT NOT NULL,
    branch_id TEXT NOT NULL REFERENCES branch (id),
    pinned_commit_id TEXT,
    running_commit_id TEXT,
    revision BIGINT NOT NULL,
    updated_by TEXT,
    updated_at BIGINT NOT NULL
);

-- state: 'Active' or 'Deactivated'; linked: 1 while the running commit connects the data source to a process.
CREATE TABLE webhook_trigger (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id),
    data_source_id TEXT NOT NULL REFERENCES resource_definition (id),
    state TEXT NOT NULL,
    linked BIGINT NOT NULL,
    rate_limit BIGINT,
    refused_since_deactivated BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    state_changed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX webhook_trigger_once ON webhook_trigger (data_source_id);
CREATE INDEX webhook_trigger_by_project ON webhook_trigger (project_id, id);

-- sha256 is of the 43 characters as sent; sealed is the key encrypted and bound to the trigger id.
CREATE TABLE trigger_key (
    id TEXT PRIMARY KEY,
    trigger_id TEXT NOT NULL REFERENCES webhook_trigger (id),
    sha256 BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    valid_until BIGINT,
    last_used_at BIGINT
);
CREATE INDEX trigger_key_by_trigger ON trigger_key (trigger_id, id);

-- status: 'active', 'incident', 'completed', 'terminated', 'cancelled'. variables and state: JSON text of the engine.
CREATE TABLE process_instance (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    process_definition_id TEXT NOT NULL,
    resource_version_id TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    data_source_id TEXT,
    event_id TEXT,
    event_key TEXT,
    status TEXT NOT NULL,
    variables TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    replaced_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX process_instance_by_project ON process_instance (project_id, id);
CREATE INDEX process_instance_by_status ON process_instance (project_id, status, id);
CREATE INDEX process_instance_by_definition ON process_instance (project_id, process_definition_id, id);

-- One row a step: the engine's events as a JSON array. Replaying all rows in order gives the instance.
CREATE TABLE instance_history (
    instance_id TEXT NOT NULL,
    step BIGINT NOT NULL,
    at BIGINT NOT NULL,
    events TEXT NOT NULL,
    PRIMARY KEY (instance_id, step)
);

-- Exactly once: the unique index is the promise.
CREATE TABLE started_event (
    project_id TEXT NOT NULL,
    data_source_id TEXT NOT NULL,
    event_key TEXT NOT NULL,
    process_definition_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event_time BIGINT NOT NULL,
    commit_id TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX started_event_once ON started_event (data_source_id, event_key, process_definition_id);
CREATE INDEX started_event_by_event ON started_event (project_id, event_id);
CREATE INDEX started_event_by_time ON started_event (event_time);

-- Events that were the same as an earlier one by their idempotency key: nothing was started for them.
CREATE TABLE duplicate_event (
    project_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    data_source_id TEXT NOT NULL,
    event_key TEXT NOT NULL,
    event_time BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, event_id)
);
CREATE INDEX duplicate_event_by_time ON duplicate_event (event_time);

-- How far the log was applied, in the transaction that applied it.
CREATE TABLE log_position (
    topic TEXT NOT NULL,
    log_partition BIGINT NOT NULL,
    next_offset BIGINT NOT NULL,
    last_id TEXT,
    last_time BIGINT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (topic, log_partition)
);

-- Written before a batch is run and removed with it: after an unclean stop the batch runs one event at a time.
CREATE TABLE attempt_marker (
    topic TEXT NOT NULL,
    log_partition BIGINT NOT NULL,
    first_offset BIGINT NOT NULL,
    last_offset BIGINT NOT NULL,
    crashes BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    PRIMARY KEY (topic, log_partition)
);

-- stage: 'gateway', 'match', 'start'. status: 'open', 'retrying', 'retried'.
CREATE TABLE failed_trigger (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    data_source_id TEXT NOT NULL,
    process_definition_id TEXT,
    instance_id TEXT,
    commit_id TEXT,
    event_id TEXT NOT NULL,
    event_key TEXT NOT NULL,
    event_time BIGINT NOT NULL,
    stage TEXT NOT NULL,
    cause_code TEXT NOT NULL,
    cause TEXT NOT NULL,
    element_id TEXT,
    record_headers TEXT NOT NULL,
    payload BYTEA NOT NULL,
    status TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX failed_trigger_once ON failed_trigger (data_source_id, event_id, stage, coalesce(process_definition_id, ''));
CREATE INDEX failed_trigger_by_project ON failed_trigger (project_id, id);
CREATE INDEX failed_trigger_by_event ON failed_trigger (project_id, event_id);

-- Work on running things: the API writes a row, a runner carries it out. state: 'queued', 'running', 'done', 'failed'.
CREATE TABLE command (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    arguments TEXT NOT NULL,
    state TEXT NOT NULL,
    result TEXT,
    created_by TEXT,
    attempts BIGINT NOT NULL,
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX command_waiting ON command (state, id);
CREATE INDEX command_by_target ON command (project_id, target_id, id);

-- counter: 'accepted', 'started', 'failed', 'refused', 'duplicate'. hour: milliseconds of its beginning.
CREATE TABLE hourly_count (
    project_id TEXT NOT NULL,
    data_source_id TEXT NOT NULL,
    hour BIGINT NOT NULL,
    counter TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (project_id, data_source_id, hour, counter)
);

CREATE TABLE app_user (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT,
    disabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX app_user_email_once ON app_user (email);

-- project_id: NULL for a token of the whole installation.
CREATE TABLE api_token (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES app_user (id),
    project_id TEXT,
    name TEXT NOT NULL,
    sha256 BYTEA NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT
);
CREATE UNIQUE INDEX api_token_once ON api_token (sha256);

CREATE TABLE audit_entry (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    project_id TEXT,
    user_id TEXT,
    token_id TEXT,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL,
    source_address TEXT,
    request_id TEXT
);
CREATE INDEX audit_entry_by_project ON audit_entry (project_id, id);

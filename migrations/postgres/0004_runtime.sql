-- Lists by group, incidents, operations over many rows.

-- Rows that are alike in everything that their list can be filtered by, and how many there are. Lists find rows
-- through it (the rows of a group are one stretch of an index, in the order of their ids), counts are read from it.
-- list: 'instance', 'failed-trigger' or 'incident'; '' where a row has no such thing or its list no such filter.
-- No row of a group has an id outside of first_id and last_id.
CREATE TABLE row_group (
    id BIGINT PRIMARY KEY,
    project_id TEXT NOT NULL,
    list TEXT NOT NULL,
    status TEXT NOT NULL,
    process_definition_id TEXT NOT NULL,
    resource_version_id TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    data_source_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    cause_code TEXT NOT NULL,
    total BIGINT NOT NULL,
    first_id TEXT NOT NULL,
    last_id TEXT NOT NULL
);
CREATE UNIQUE INDEX row_group_once ON row_group (project_id, list, status, process_definition_id, resource_version_id, commit_id, data_source_id, stage, cause_code);

-- The open incidents of instances; number 0: the instance could not begin.
CREATE TABLE incident (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    group_id BIGINT NOT NULL,
    instance_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    process_definition_id TEXT NOT NULL,
    resource_version_id TEXT NOT NULL,
    element_id TEXT,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX incident_once ON incident (instance_id, number);
CREATE INDEX incident_by_project ON incident (project_id, id);
CREATE INDEX incident_by_group ON incident (group_id, id);

-- Work on many rows, carried out in small steps. state: 'queued', 'running', 'done', 'failed', 'cancelled'.
-- after_id: every row up to it is dealt with; up_to_id: the newest row when it was asked for; later ones are not its
-- business. crashes: unclean stops since the last step.
CREATE TABLE operation (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    filter TEXT NOT NULL,
    state TEXT NOT NULL,
    message TEXT NOT NULL,
    up_to_id TEXT NOT NULL,
    after_id TEXT NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    created_by TEXT,
    attempts BIGINT NOT NULL,
    crashes BIGINT NOT NULL,
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX operation_by_project ON operation (project_id, id);
CREATE INDEX operation_by_kind ON operation (project_id, kind, state, id);
CREATE INDEX operation_waiting ON operation (state, id);

ALTER TABLE process_instance ADD COLUMN group_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE failed_trigger ADD COLUMN group_id BIGINT NOT NULL DEFAULT 0;

INSERT INTO row_group (id, project_id, list, status, process_definition_id, resource_version_id, commit_id, data_source_id, stage, cause_code, total, first_id, last_id)
SELECT row_number() OVER (ORDER BY g.first_id), g.project_id, 'instance', g.status, g.process_definition_id, g.resource_version_id, g.commit_id, g.data_source_id, '', '', g.total, g.first_id, g.last_id
FROM (SELECT project_id, status, process_definition_id, resource_version_id, commit_id, coalesce(data_source_id, '') AS data_source_id, count(*) AS total, min(id) AS first_id, max(id) AS last_id
    FROM process_instance GROUP BY project_id, status, process_definition_id, resource_version_id, commit_id, coalesce(data_source_id, '')) g;
INSERT INTO row_group (id, project_id, list, status, process_definition_id, resource_version_id, commit_id, data_source_id, stage, cause_code, total, first_id, last_id)
SELECT (SELECT count(*) FROM row_group) + row_number() OVER (ORDER BY g.first_id), g.project_id, 'failed-trigger', g.status, g.process_definition_id, '', '', g.data_source_id, g.stage, g.cause_code, g.total, g.first_id, g.last_id
FROM (SELECT project_id, status, coalesce(process_definition_id, '') AS process_definition_id, data_source_id, stage, cause_code, count(*) AS total, min(id) AS first_id, max(id) AS last_id
    FROM failed_trigger GROUP BY project_id, status, coalesce(process_definition_id, ''), data_source_id, stage, cause_code) g;
UPDATE process_instance SET group_id = (SELECT g.id FROM row_group g WHERE g.project_id = process_instance.project_id AND g.list = 'instance' AND g.status = process_instance.status
    AND g.process_definition_id = process_instance.process_definition_id AND g.resource_version_id = process_instance.resource_version_id
    AND g.commit_id = process_instance.commit_id AND g.data_source_id = coalesce(process_instance.data_source_id, ''));
UPDATE failed_trigger SET group_id = (SELECT g.id FROM row_group g WHERE g.project_id = failed_trigger.project_id AND g.list = 'failed-trigger' AND g.status = failed_trigger.status
    AND g.process_definition_id = coalesce(failed_trigger.process_definition_id, '') AND g.resource_version_id = '' AND g.commit_id = ''
    AND g.data_source_id = failed_trigger.data_source_id AND g.stage = failed_trigger.stage AND g.cause_code = failed_trigger.cause_code);

DROP INDEX process_instance_by_status;
DROP INDEX process_instance_by_definition;
CREATE INDEX process_instance_by_group ON process_instance (group_id, id);
CREATE INDEX failed_trigger_by_group ON failed_trigger (group_id, id);

-- An event is looked for in its data source: lists of one data source, and of all of a project, are merged from these.
DROP INDEX started_event_by_event;
CREATE INDEX started_event_by_source ON started_event (data_source_id, event_id);
CREATE INDEX failed_trigger_by_source ON failed_trigger (data_source_id, stage, status, event_id);
CREATE INDEX duplicate_event_by_source ON duplicate_event (data_source_id, event_id);

-- Which data sources the message start events of a process version select. Versions never change, so this is read out
-- of the BPMN once: those that are not read yet stand in version_unread, put there in the transaction that stores them.
CREATE TABLE version_link (
    resource_version_id TEXT NOT NULL REFERENCES resource_version (id),
    data_source_id TEXT NOT NULL,
    PRIMARY KEY (resource_version_id, data_source_id)
);
CREATE INDEX version_link_by_data_source ON version_link (data_source_id, resource_version_id);

CREATE TABLE version_unread (
    resource_version_id TEXT PRIMARY KEY REFERENCES resource_version (id),
    project_id TEXT NOT NULL REFERENCES project (id)
);
CREATE INDEX version_unread_by_project ON version_unread (project_id, resource_version_id);
INSERT INTO version_unread (resource_version_id, project_id)
SELECT id, project_id FROM resource_version WHERE bpmn IS NOT NULL;

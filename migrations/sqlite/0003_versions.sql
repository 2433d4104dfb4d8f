-- Versions: what each commit changed, branches that are gone, who took what out, where imported resources come from.

-- A branch that was deleted stays as a row: its commits stay readable. Its name is free again.
ALTER TABLE branch ADD COLUMN deleted_at BIGINT;
DROP INDEX branch_name_once;
CREATE UNIQUE INDEX branch_name_once ON branch (project_id, name) WHERE deleted_at IS NULL;

CREATE INDEX project_commit_by_branch ON project_commit (branch_id, id);
CREATE INDEX project_commit_by_author ON project_commit (project_id, author_id, id);
CREATE INDEX project_commit_by_branch_author ON project_commit (branch_id, author_id, id);

-- What a commit changed against the one before it. change: 'added', 'changed', 'removed'; of a removed resource the
-- version is the one it had. Project, branch and author are those of the commit, for the lists.
CREATE TABLE commit_change (
    commit_id TEXT NOT NULL REFERENCES project_commit (id),
    resource_definition_id TEXT NOT NULL,
    resource_version_id TEXT NOT NULL REFERENCES resource_version (id),
    kind TEXT NOT NULL,
    change TEXT NOT NULL,
    project_id TEXT NOT NULL,
    branch_id TEXT NOT NULL,
    author_id TEXT,
    PRIMARY KEY (commit_id, resource_definition_id)
);
CREATE INDEX commit_change_by_resource ON commit_change (project_id, resource_definition_id, commit_id);
CREATE INDEX commit_change_by_author ON commit_change (project_id, resource_definition_id, author_id, commit_id);
CREATE INDEX commit_change_by_branch ON commit_change (branch_id, resource_definition_id, commit_id);
CREATE INDEX commit_change_by_branch_author ON commit_change (branch_id, resource_definition_id, author_id, commit_id);
CREATE INDEX commit_change_by_version ON commit_change (resource_version_id);

INSERT INTO commit_change (commit_id, resource_definition_id, resource_version_id, kind, change, project_id, branch_id, author_id)
SELECT r.commit_id, r.resource_definition_id, r.resource_version_id, r.kind,
    CASE WHEN o.commit_id IS NULL THEN 'added' ELSE 'changed' END, c.project_id, c.branch_id, c.author_id
FROM commit_resource r
JOIN project_commit c ON c.id = r.commit_id
LEFT JOIN commit_resource o ON o.commit_id = c.parent_id AND o.resource_definition_id = r.resource_definition_id
WHERE o.commit_id IS NULL OR o.resource_version_id <> r.resource_version_id;

INSERT INTO commit_change (commit_id, resource_definition_id, resource_version_id, kind, change, project_id, branch_id, author_id)
SELECT c.id, o.resource_definition_id, o.resource_version_id, o.kind, 'removed', c.project_id, c.branch_id, c.author_id
FROM project_commit c
JOIN commit_resource o ON o.commit_id = c.parent_id
LEFT JOIN commit_resource r ON r.commit_id = c.id AND r.resource_definition_id = o.resource_definition_id
WHERE r.commit_id IS NULL;

-- Who took a resource out of a branch's work in progress. It counts only while the resource is not there.
CREATE TABLE branch_removal (
    branch_id TEXT NOT NULL REFERENCES branch (id),
    resource_definition_id TEXT NOT NULL REFERENCES resource_definition (id),
    removed_by TEXT,
    removed_at BIGINT NOT NULL,
    PRIMARY KEY (branch_id, resource_definition_id)
);

-- Which resource of another installation an imported one is: a later import changes it and makes no second one.
CREATE TABLE resource_origin (
    project_id TEXT NOT NULL REFERENCES project (id),
    origin_id TEXT NOT NULL,
    resource_definition_id TEXT NOT NULL REFERENCES resource_definition (id),
    PRIMARY KEY (project_id, origin_id)
);

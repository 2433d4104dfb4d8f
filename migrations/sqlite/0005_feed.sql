-- What changed in a project, for those who watch it. One row for each kind of thing; it is raised in the
-- transaction of the change, and its lock is held to the end of that transaction, so that whoever reads a
-- revision sees everything up to it: a watcher that remembers revisions misses nothing.
-- added: how many rows were ever added. recent: JSON, the last changed ids with their revisions; complete for
-- revisions above recent_after.
CREATE TABLE project_feed (
    project_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    revision BIGINT NOT NULL,
    added BIGINT NOT NULL,
    recent TEXT NOT NULL,
    recent_after BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, kind)
);

-- Further counters: 'wrong-key', 'deactivated'. The counts of all data sources of a project by hour.
CREATE INDEX hourly_count_by_hour ON hourly_count (project_id, hour);

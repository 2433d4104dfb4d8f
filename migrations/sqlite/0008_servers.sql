-- The running Forebays on this database: each writes its own row every second and takes it away when it ends. Whoever
-- changes what gateways judge by raises the revision, and waits until every live gateway has read that far.
CREATE TABLE server (
    id TEXT PRIMARY KEY,
    roles TEXT NOT NULL,
    host TEXT NOT NULL,
    address TEXT NOT NULL,
    version TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    registry_revision BIGINT NOT NULL,
    partitions TEXT NOT NULL,
    lag_records BIGINT NOT NULL,
    oldest_unstarted_ms BIGINT NOT NULL,
    started_per_second BIGINT NOT NULL
);

CREATE TABLE registry_revision (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    revision BIGINT NOT NULL
);
INSERT INTO registry_revision (one, revision) VALUES (1, 1);

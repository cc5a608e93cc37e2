-- Moments are milliseconds since 1970-01-01T00:00:00Z; a key has 1 to 250 bytes of UTF-8.

-- One row: the number of the last write transaction, by which readers find what changed.
CREATE TABLE revision (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    value INTEGER NOT NULL CHECK (value >= 0)
) STRICT;

INSERT INTO revision (only, value) VALUES (1, 0);

CREATE TABLE experiment (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(CAST(name AS BLOB)) BETWEEN 1 AND 500),
    created_at INTEGER NOT NULL
) STRICT;

INSERT INTO experiment (id, name, created_at)
VALUES (0, 'Default', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 32 AND uuid NOT GLOB '*[^0-9a-f]*'),
    experiment INTEGER NOT NULL REFERENCES experiment (id),
    name TEXT NOT NULL CHECK (length(CAST(name AS BLOB)) BETWEEN 1 AND 500),
    status TEXT NOT NULL CHECK (status IN ('SCHEDULED', 'RUNNING', 'FINISHED', 'FAILED', 'KILLED')),
    start_time INTEGER NOT NULL,
    end_time INTEGER,
    heartbeat INTEGER,  -- of the last sign of life; NULL if the recorder never sent one
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;

CREATE INDEX run_by_start ON run (start_time DESC, id DESC);
CREATE INDEX run_by_experiment ON run (experiment, start_time DESC, id DESC);
CREATE INDEX run_by_name ON run (name);
CREATE INDEX run_by_revision ON run (revision);

CREATE TABLE param (
    run INTEGER NOT NULL REFERENCES run (id),
    key TEXT NOT NULL CHECK (length(CAST(key AS BLOB)) BETWEEN 1 AND 250),
    value TEXT NOT NULL CHECK (length(CAST(value AS BLOB)) <= 6000),
    PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag (
    run INTEGER NOT NULL REFERENCES run (id),
    key TEXT NOT NULL CHECK (length(CAST(key AS BLOB)) BETWEEN 1 AND 250),
    value TEXT NOT NULL CHECK (length(CAST(value AS BLOB)) <= 8000),
    PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id),
    key TEXT NOT NULL CHECK (length(CAST(key AS BLOB)) BETWEEN 1 AND 250),
    -- 1: in the order of steps the times rise too, so that one order serves both axes
    rises_together INTEGER NOT NULL DEFAULT 1 CHECK (rises_together IN (0, 1)),
    UNIQUE (run, key)
) STRICT;

-- `bits` is an image of the double that sorts as the double does: -0 is 0, NaN is below everything.
-- The whole row is its key: the same point sent twice is one point.
CREATE TABLE point (
    series INTEGER NOT NULL REFERENCES series (id),
    step INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    PRIMARY KEY (series, step, timestamp, bits)
) STRICT, WITHOUT ROWID;

-- The greatest point of a series by step, timestamp, value, and the range of its finite values.
CREATE TABLE latest (
    series INTEGER PRIMARY KEY REFERENCES series (id),
    step INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    minimum REAL,
    maximum REAL,
    CHECK ((minimum IS NULL) = (maximum IS NULL) AND (minimum IS NULL OR minimum <= maximum))
) STRICT;

CREATE TABLE artifact (
    run INTEGER NOT NULL REFERENCES run (id),
    path TEXT NOT NULL CHECK (length(CAST(path AS BLOB)) BETWEEN 1 AND 1024),
    size INTEGER NOT NULL CHECK (size >= 0),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    PRIMARY KEY (run, path)
) STRICT, WITHOUT ROWID;

CREATE INDEX artifact_by_sha256 ON artifact (sha256);

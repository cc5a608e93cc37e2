-- Lifecycle, tags and places of experiments and runs; data sets; logged and registered models; artifacts by their whole
-- path. Lengths of texts are code points, as MLflow counts them. `deleted_at` is when a thing went into the trash.

CREATE TABLE experiment_2 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 500),
    -- Where its runs keep their files: a place of ours (mlflow-artifacts:/…), else a label that is never opened.
    artifact_location TEXT NOT NULL CHECK (length(artifact_location) BETWEEN 1 AND 2048),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;

INSERT INTO experiment_2 (id, name, artifact_location, created_at, updated_at)
SELECT id, name, 'mlflow-artifacts:/' || id, created_at, created_at FROM experiment;
DROP TABLE experiment;
ALTER TABLE experiment_2 RENAME TO experiment;
CREATE UNIQUE INDEX experiment_by_name ON experiment (name) WHERE deleted_at IS NULL;

CREATE TABLE experiment_tag (
    experiment INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 250),
    value TEXT NOT NULL CHECK (length(value) <= 20000),
    PRIMARY KEY (experiment, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX experiment_tag_by_key ON experiment_tag (key, experiment);

CREATE TABLE run_2 (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 32 AND uuid NOT GLOB '*[^0-9a-f]*'),
    experiment INTEGER NOT NULL REFERENCES experiment (id),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 8000),
    user TEXT NOT NULL CHECK (length(user) <= 256),
    status TEXT NOT NULL CHECK (status IN ('SCHEDULED', 'RUNNING', 'FINISHED', 'FAILED', 'KILLED')),
    start_time INTEGER NOT NULL,
    end_time INTEGER,
    heartbeat INTEGER,  -- of the last sign of life; NULL if the recorder never sent one
    deleted_at INTEGER,
    -- Of the transaction that changed it last, and of the one that took points of it away.
    revision INTEGER NOT NULL CHECK (revision > 0),
    cut_revision INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO run_2 (id, uuid, experiment, name, user, status, start_time, end_time, heartbeat, revision)
SELECT id, uuid, experiment,
    coalesce((SELECT nullif(value, '') FROM tag WHERE tag.run = run.id AND key = 'mlflow.runName'), name),
    '', status, start_time, end_time, heartbeat, revision
FROM run;
DROP TABLE run;
ALTER TABLE run_2 RENAME TO run;

CREATE INDEX run_by_start ON run (start_time DESC, id DESC);
CREATE INDEX run_by_experiment ON run (experiment, start_time DESC, id DESC);
CREATE INDEX run_by_name ON run (name);
CREATE INDEX run_by_revision ON run (revision);
CREATE INDEX run_by_heartbeat ON run (heartbeat) WHERE status = 'RUNNING' AND heartbeat IS NOT NULL;
CREATE INDEX run_by_deletion ON run (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE param_2 (
    run INTEGER NOT NULL REFERENCES run (id),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 250),
    value TEXT NOT NULL CHECK (length(value) <= 6000),
    PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
INSERT INTO param_2 SELECT run, key, value FROM param;
DROP TABLE param;
ALTER TABLE param_2 RENAME TO param;
-- Searches read what all runs have under one key.
CREATE INDEX param_by_key ON param (key, value, run);

CREATE TABLE tag_2 (
    run INTEGER NOT NULL REFERENCES run (id),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 250),
    value TEXT NOT NULL CHECK (length(value) <= 8000),
    PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
-- The tag of a run's name is the name itself.
INSERT INTO tag_2 SELECT run, key, value FROM tag WHERE key <> 'mlflow.runName';
DROP TABLE tag;
ALTER TABLE tag_2 RENAME TO tag;
CREATE INDEX tag_by_key ON tag (key, value, run);

CREATE TABLE series_2 (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 250),
    -- 1: in the order of steps the times rise too, so that one order serves both axes
    rises_together INTEGER NOT NULL DEFAULT 1 CHECK (rises_together IN (0, 1)),
    UNIQUE (run, key)
) STRICT;
INSERT INTO series_2 SELECT id, run, key, rises_together FROM series;
DROP TABLE series;
ALTER TABLE series_2 RENAME TO series;
CREATE INDEX series_by_key ON series (key, run);

-- The transaction that added a point, by which those who follow a run find what is new; 0 in what was there before.
ALTER TABLE point ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
-- Of a series: the one that added points last, and the last one that added some before others.
ALTER TABLE latest ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE latest ADD COLUMN unordered_revision INTEGER NOT NULL DEFAULT 0;

-- A data set is one within its experiment, whichever runs read it.
CREATE TABLE dataset (
    id INTEGER PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiment (id),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 500),
    digest TEXT NOT NULL CHECK (length(digest) BETWEEN 1 AND 36),
    source_type TEXT NOT NULL CHECK (length(source_type) <= 500),
    source TEXT NOT NULL CHECK (length(source) <= 65535),
    schema TEXT CHECK (length(schema) <= 1048575),
    profile TEXT CHECK (length(profile) <= 16777215),
    UNIQUE (experiment, name, digest)
) STRICT;

CREATE TABLE run_dataset (
    run INTEGER NOT NULL REFERENCES run (id),
    dataset INTEGER NOT NULL REFERENCES dataset (id),
    PRIMARY KEY (run, dataset)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_dataset_by_dataset ON run_dataset (dataset, run);

CREATE TABLE run_dataset_tag (
    run INTEGER NOT NULL,
    dataset INTEGER NOT NULL,
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    value TEXT NOT NULL CHECK (length(value) <= 500),
    PRIMARY KEY (run, dataset, key),
    FOREIGN KEY (run, dataset) REFERENCES run_dataset (run, dataset)
) STRICT, WITHOUT ROWID;

CREATE TABLE logged_model (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 34 AND uuid GLOB 'm-*'),
    experiment INTEGER NOT NULL REFERENCES experiment (id),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 8000),
    status INTEGER NOT NULL CHECK (status BETWEEN 1 AND 3),  -- pending, ready, upload failed
    model_type TEXT NOT NULL CHECK (length(model_type) <= 8000),
    run TEXT NOT NULL CHECK (length(run) <= 250),  -- that made it, as it was said; it may be gone, or '' for none
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;

CREATE INDEX logged_model_by_experiment ON logged_model (experiment, created_at DESC, uuid);
CREATE INDEX logged_model_by_run ON logged_model (run);
CREATE INDEX logged_model_by_deletion ON logged_model (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE logged_model_param (
    model INTEGER NOT NULL REFERENCES logged_model (id),
    key TEXT NOT NULL CHECK (length(key) <= 255),
    value TEXT NOT NULL CHECK (length(value) <= 1048575),
    PRIMARY KEY (model, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX logged_model_param_by_key ON logged_model_param (key, model);

CREATE TABLE logged_model_tag (
    model INTEGER NOT NULL REFERENCES logged_model (id),
    key TEXT NOT NULL CHECK (length(key) <= 255),
    value TEXT NOT NULL CHECK (length(value) <= 1048575),
    PRIMARY KEY (model, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX logged_model_tag_by_key ON logged_model_tag (key, model);

-- A metric of a run that was measured of a model, on a data set or none (''). The last point is that of the greatest
-- timestamp, then step, then value, by which models are ordered.
CREATE TABLE logged_model_series (
    id INTEGER PRIMARY KEY,
    model INTEGER NOT NULL REFERENCES logged_model (id),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 250),
    dataset_name TEXT NOT NULL CHECK (length(dataset_name) <= 500),
    dataset_digest TEXT NOT NULL CHECK (length(dataset_digest) <= 36),
    run INTEGER NOT NULL REFERENCES run (id),
    last_timestamp INTEGER NOT NULL,
    last_step INTEGER NOT NULL,
    last_bits INTEGER NOT NULL,
    UNIQUE (model, key, dataset_name, dataset_digest, run)
) STRICT;

CREATE INDEX logged_model_series_by_key ON logged_model_series (key, model);

CREATE INDEX logged_model_series_by_run ON logged_model_series (run);

CREATE TABLE logged_model_point (
    series INTEGER NOT NULL REFERENCES logged_model_series (id),
    step INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    PRIMARY KEY (series, step, timestamp, bits)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_model (
    run INTEGER NOT NULL REFERENCES run (id),
    model TEXT NOT NULL,  -- a logged model's uuid
    is_output INTEGER NOT NULL CHECK (is_output IN (0, 1)),
    step INTEGER NOT NULL,
    PRIMARY KEY (run, is_output, model)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_model_by_model ON run_model (model, run);

CREATE TABLE registered_model (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 500),
    description TEXT CHECK (length(description) <= 100000),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_version INTEGER NOT NULL DEFAULT 0  -- numbers of deleted versions are not given again
) STRICT;

CREATE TABLE registered_model_tag (
    model INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 250),
    value TEXT NOT NULL CHECK (length(value) <= 100000),
    PRIMARY KEY (model, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX registered_model_tag_by_key ON registered_model_tag (key, model);

CREATE TABLE model_version (
    id INTEGER PRIMARY KEY,
    model INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
    version INTEGER NOT NULL CHECK (version > 0),
    description TEXT CHECK (length(description) <= 100000),
    source TEXT NOT NULL CHECK (length(source) BETWEEN 1 AND 2048),
    location TEXT NOT NULL,  -- where its files are: the source, or what the source stands for
    run TEXT CHECK (length(run) <= 250),  -- as it was given: it need not be one of this store
    logged_model TEXT CHECK (length(logged_model) <= 250),
    run_link TEXT CHECK (length(run_link) <= 2048),
    stage TEXT NOT NULL DEFAULT 'None' CHECK (stage IN ('None', 'Staging', 'Production', 'Archived')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (model, version)
) STRICT;

CREATE INDEX model_version_by_run ON model_version (run);
CREATE INDEX model_version_by_stage ON model_version (model, stage, version);

-- Where its files are among all that this store keeps, as the path was written and as it reads decoded: they stay as
-- long as the version, whatever becomes of the run.
CREATE TABLE model_version_files (
    path TEXT NOT NULL,
    version INTEGER NOT NULL REFERENCES model_version (id) ON DELETE CASCADE,
    PRIMARY KEY (path, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX model_version_files_by_version ON model_version_files (version);

CREATE TABLE model_version_tag (
    version INTEGER NOT NULL REFERENCES model_version (id) ON DELETE CASCADE,
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 250),
    value TEXT NOT NULL CHECK (length(value) <= 100000),
    PRIMARY KEY (version, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX model_version_tag_by_key ON model_version_tag (key, version);

-- Searches leave prompts out, which are models whose versions say so.
CREATE INDEX model_version_of_prompt ON model_version_tag (version)
WHERE key = 'mlflow.prompt.is_prompt' AND value = 'true';

CREATE TABLE model_alias (
    model INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
    alias TEXT NOT NULL CHECK (length(alias) BETWEEN 1 AND 255),
    version INTEGER NOT NULL,
    PRIMARY KEY (model, alias),
    FOREIGN KEY (model, version) REFERENCES model_version (model, version) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Files of runs, of logged models and of nobody, by their whole path below the place of all artifacts.
CREATE TABLE artifact_2 (
    path TEXT PRIMARY KEY CHECK (length(CAST(path AS BLOB)) BETWEEN 1 AND 2048),
    size INTEGER NOT NULL CHECK (size >= 0),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*')
) STRICT, WITHOUT ROWID;

INSERT INTO artifact_2 (path, size, sha256)
SELECT run.experiment || '/' || run.uuid || '/artifacts/' || artifact.path, artifact.size, artifact.sha256
FROM artifact JOIN run ON run.id = artifact.run;
DROP TABLE artifact;
ALTER TABLE artifact_2 RENAME TO artifact;
CREATE INDEX artifact_by_sha256 ON artifact (sha256);

-- Experiments and runs that are being freed, a part in each transaction: they do not come back from the trash.
CREATE TABLE condemned (
    kind TEXT NOT NULL CHECK (kind IN ('experiment', 'run')),
    id INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- Folders whose run, model or experiment is gone. Files that a version of a registered model uses stay there with it.
CREATE TABLE condemned_folder (
    path TEXT PRIMARY KEY CHECK (length(path) > 0)
) STRICT, WITHOUT ROWID;

-- The texts of definitions as they were taken into use, and captures that are read again with one of them.
-- Times are milliseconds since 1970-01-01 UTC.

-- Rows are only ever added; number counts from 1 for each source.
CREATE TABLE definition_revisions (
    source TEXT NOT NULL REFERENCES sources (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    user_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (source, number)
);
CREATE TRIGGER definition_revisions_stay BEFORE UPDATE ON definition_revisions
    BEGIN SELECT RAISE(ABORT, 'the history of a definition is only ever added to'); END;
CREATE TRIGGER definition_revisions_are_kept BEFORE DELETE ON definition_revisions
    BEGIN SELECT RAISE(ABORT, 'the history of a definition is only ever added to'); END;

-- Captures of a source since a moment, up to the place that was reached in the order of writing.
CREATE TABLE rereads (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL REFERENCES sources (id),
    since BIGINT NOT NULL,
    queued_at BIGINT NOT NULL,
    queued_by TEXT NOT NULL,
    finished_at BIGINT,
    file TEXT NOT NULL DEFAULT '',
    start BIGINT NOT NULL DEFAULT 0,
    captures BIGINT NOT NULL DEFAULT 0,
    unreadable BIGINT NOT NULL DEFAULT 0,
    posts BIGINT NOT NULL DEFAULT 0,
    revisions BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX rereads_open ON rereads (finished_at, id);
CREATE INDEX rereads_source ON rereads (source, id);

CREATE INDEX captures_source ON captures (source, fetched_at);
CREATE INDEX posts_source ON posts (source, seq);

-- Governance of watch terms: context rules, the history of edits, and matching against what was captured before.
-- Times are milliseconds since 1970-01-01 UTC.

-- The rules as JSON; NULL without any. The version grows with every change, so that two editors do not overwrite
-- each other; edited_by is who last changed what the term finds.
ALTER TABLE terms ADD COLUMN context TEXT;
ALTER TABLE terms ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE terms ADD COLUMN edited_by TEXT NOT NULL DEFAULT '';
UPDATE terms SET edited_by = author;

-- What a term was before and is after a change, as JSON. Rows are only ever added.
CREATE TABLE term_edits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    term BIGINT NOT NULL REFERENCES terms (id),
    at BIGINT NOT NULL,
    user_name TEXT NOT NULL,
    before_edit TEXT,
    after_edit TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX term_edits_term ON term_edits (term, id);
CREATE TRIGGER term_edits_stay BEFORE UPDATE ON term_edits
    BEGIN SELECT RAISE(ABORT, 'the history of a term is only ever added to'); END;
CREATE TRIGGER term_edits_are_kept BEFORE DELETE ON term_edits
    BEGIN SELECT RAISE(ABORT, 'the history of a term is only ever added to'); END;

-- Terms that were saved together are matched together. Posts up to done_seq have been; posts up to until_seq were
-- there when it was last looked.
CREATE TABLE look_backs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queued_at BIGINT NOT NULL,
    queued_by TEXT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    done_seq BIGINT NOT NULL DEFAULT 0,
    until_seq BIGINT NOT NULL,
    hits BIGINT NOT NULL DEFAULT 0,
    alerts BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX look_backs_open ON look_backs (finished_at, id);
CREATE TABLE look_back_terms (
    look_back BIGINT NOT NULL REFERENCES look_backs (id),
    term BIGINT NOT NULL REFERENCES terms (id),
    PRIMARY KEY (look_back, term)
);
CREATE INDEX look_back_terms_term ON look_back_terms (term, look_back);

-- The look back that raised an alert of the class "history".
ALTER TABLE alerts ADD COLUMN look_back BIGINT;
CREATE INDEX alerts_look_back ON alerts (look_back, member);

CREATE INDEX hits_term ON hits (term, alert);
CREATE INDEX posts_captured ON posts (captured_at);

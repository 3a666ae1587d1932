-- Times are milliseconds since 1970-01-01 UTC. Booleans are 0 and 1.

CREATE TABLE sequences (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO sequences (name, value) VALUES ('post', 0), ('terms', 0);

-- The schedule is a row.
CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    class TEXT NOT NULL,
    grade TEXT NOT NULL,
    tlp TEXT NOT NULL,
    via TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    next_visit_at BIGINT NOT NULL,
    last_visit_at BIGINT,
    last_outcome TEXT,
    health_since BIGINT,
    healthy BIGINT NOT NULL,
    last_ok_at BIGINT,
    rung BIGINT NOT NULL,
    visits BIGINT NOT NULL,
    posts BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    wanted BIGINT NOT NULL,
    watch TEXT,
    host_state TEXT,
    lease_owner TEXT,
    lease_until BIGINT
);
CREATE INDEX sources_due ON sources (enabled, next_visit_at);

CREATE TABLE thread_marks (
    source TEXT NOT NULL REFERENCES sources (id),
    thread_id TEXT NOT NULL,
    signal TEXT NOT NULL,
    PRIMARY KEY (source, thread_id)
);

CREATE TABLE captures (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (id),
    url TEXT NOT NULL,
    request TEXT NOT NULL,
    status BIGINT NOT NULL,
    fetched_at BIGINT NOT NULL,
    file TEXT NOT NULL,
    start BIGINT NOT NULL,
    length BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    chain TEXT NOT NULL
);
CREATE UNIQUE INDEX captures_place ON captures (file, start);

-- A row a revision; seq is the order of commits, which the index tails.
CREATE TABLE posts (
    seq BIGINT PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (id),
    post_key TEXT NOT NULL,
    revision BIGINT NOT NULL,
    post_id TEXT NOT NULL,
    thread_id TEXT,
    url TEXT NOT NULL,
    author TEXT,
    posted_at BIGINT,
    edited_at BIGINT,
    captured_at BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    extra TEXT NOT NULL,
    claim TEXT,
    capture TEXT NOT NULL REFERENCES captures (id),
    UNIQUE (source, post_key, revision)
);

CREATE TABLE members (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    business_number TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    language TEXT NOT NULL,
    fixed_ips TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE contacts (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member BIGINT NOT NULL REFERENCES members (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    webhook_url TEXT NOT NULL,
    webhook_secret TEXT NOT NULL,
    UNIQUE (member, email, webhook_url)
);

CREATE TABLE terms (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member BIGINT NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    review_at BIGINT,
    created_at BIGINT NOT NULL,
    last_fired_at BIGINT,
    hits BIGINT NOT NULL DEFAULT 0,
    UNIQUE (member, kind, text)
);

-- The identity is deterministic: the same finding is inserted once, whatever crashed.
CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (id),
    post_key TEXT NOT NULL,
    post BIGINT NOT NULL REFERENCES posts (seq),
    member BIGINT NOT NULL REFERENCES members (id),
    class TEXT NOT NULL,
    severity TEXT NOT NULL,
    confidence TEXT NOT NULL,
    claim TEXT,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT
);
CREATE INDEX alerts_state ON alerts (state, created_at);
CREATE INDEX alerts_post ON alerts (source, post_key);
CREATE INDEX alerts_member ON alerts (member, created_at);

CREATE TABLE hits (
    post BIGINT NOT NULL REFERENCES posts (seq),
    term BIGINT NOT NULL REFERENCES terms (id),
    member BIGINT NOT NULL REFERENCES members (id),
    field TEXT NOT NULL,
    start_byte BIGINT NOT NULL,
    end_byte BIGINT NOT NULL,
    matched TEXT NOT NULL,
    alert TEXT NOT NULL REFERENCES alerts (id),
    PRIMARY KEY (post, term, field, start_byte)
);
CREATE INDEX hits_alert ON hits (alert);

CREATE TABLE jobs (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT NOT NULL,
    job_key TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    dead BIGINT NOT NULL DEFAULT 0,
    last_error TEXT,
    lease_owner TEXT,
    lease_until BIGINT,
    UNIQUE (kind, job_key)
);
CREATE INDEX jobs_due ON jobs (dead, run_at);

CREATE TABLE notices (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert TEXT NOT NULL,
    audience TEXT NOT NULL,
    contact BIGINT,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    language TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_try_at BIGINT NOT NULL,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    receipt TEXT,
    lease_owner TEXT,
    lease_until BIGINT,
    UNIQUE (alert, audience, channel, address, payload)
);
CREATE INDEX notices_due ON notices (state, next_try_at);

CREATE TABLE users (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    csrf TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE audit (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    user_name TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL
);

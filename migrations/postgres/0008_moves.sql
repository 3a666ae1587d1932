-- A site that points to another host: proposed once for each target, and decided by a person.
CREATE TABLE site_moves (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (id),
    from_link TEXT NOT NULL,
    to_link TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    same_site TEXT NOT NULL,
    state TEXT NOT NULL,
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at BIGINT,
    reason TEXT NOT NULL DEFAULT '',
    UNIQUE (source, to_link)
);

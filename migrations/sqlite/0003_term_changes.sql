-- The generation of all terms with which a term last changed: what changed can be read without reading all.
ALTER TABLE terms ADD COLUMN changed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX terms_changed ON terms (changed);

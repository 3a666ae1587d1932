-- How a source stands with its session, as JSON written by the crawler: ready, told to wait, or in need of a person.
ALTER TABLE sources ADD COLUMN standing TEXT;

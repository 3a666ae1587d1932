-- When a source's definition was last checked by a person, as it says itself: YYYY-MM-DD, or nothing.
ALTER TABLE sources ADD COLUMN verified TEXT NOT NULL DEFAULT '';

-- Which link of a source is in use and which ones failed, as JSON written by the crawler.
ALTER TABLE sources ADD COLUMN mirrors TEXT;

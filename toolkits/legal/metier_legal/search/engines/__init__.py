"""Search engines behind `search.backend.SearchBackend`: tantivy, and SQLite's FTS5."""

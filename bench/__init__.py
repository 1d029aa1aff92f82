"""Time and memory of a build, compared with plain DuckDB on the same SQL."""

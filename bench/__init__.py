"""How long a build takes and what it needs, measured beside the least that DuckDB itself needs."""

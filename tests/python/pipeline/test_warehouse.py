"""The build that most tests share."""

from harness import END


def test_as_of_date_is_found(warehouse):
    """Without the var it is the day before that of the latest receipt."""
    assert warehouse.value("select as_of_date from build.parameters") == END


def test_marts_are_tables(warehouse):
    """Readers open the file without the raw data, so nothing in it may depend on them."""
    views = "select view_name from duckdb_views() where schema_name in ('analytics', 'quarantine')"
    assert warehouse.rows(views) == []

"""Published values in the ledger: a published value is never overwritten without a trace.

The ledger only grows. A row is added when a value is published for the first time, when it or its definition
has changed since, and, with no value, when it is withdrawn. A publication that changes nothing adds nothing.
Rows are sums over households: they name no household, so an erasure has nothing to remove here, and
shows as a restatement of the values that it changes.
"""

from __future__ import annotations

import duckdb

from customer_success.ledger import chain
from customer_success.ledger.tables import VALUES, VERSIONS

# The build has found what differs from the ledger. Rows that the ledger already has, because the same build
# has been published before, are not added again.
NEW_VALUES = """
    select
        (select coalesce(max(publication_number), 0) + 1 from ledger.ledger.published_metric_values)
            as publication_number,
        changes.*
    from intermediate.int_metric_changes as changes
    left join (
        select * from ledger.ledger.published_metric_values
        qualify row_number() over (
            partition by metric, period_grain, period_start, segment_type, segment
            order by publication_number desc
        ) = 1
    ) as latest using (metric, period_grain, period_start, segment_type, segment)
    where
        latest.publication_number is null
        or changes.value is distinct from latest.value
        or changes.definition_hash is distinct from latest.definition_hash
"""


# The lock at the time of a publication: all its rows, so that none can be changed later.
NEW_VERSIONS = """
    select
        locked.metric, locked.version, locked.definition_hash, locked.changed_on, locked.change_note,
        defined.unit, defined.direction, defined.source_of_truth, defined.ci_method, defined.conventions,
        defined.min_sample, (select as_of_date from build.parameters) as first_published_as_of
    from rules.metric_definitions as locked
    left join analytics.dim_metrics as defined
        on locked.metric = defined.metric and locked.version = defined.version
    anti join ledger.ledger.published_metric_versions as known
        on locked.metric = known.metric and locked.version = known.version
"""


def record_published(connection: duckdb.DuckDBPyConnection) -> int:
    """Note what has just been published; returns the number of values that are new, changed or withdrawn.

    ``connection``: to the database of the build, with the ledger attached as `ledger` (writable). Call it
    after the swap of the new version. duckdb.Error where a table of the metric layer is missing.
    """
    return chain.append(connection, VALUES, NEW_VALUES)


def record_versions(connection: duckdb.DuckDBPyConnection) -> int:
    """Note the versions of definitions that have just been published; returns how many are new."""
    return chain.append(connection, VERSIONS, NEW_VERSIONS)

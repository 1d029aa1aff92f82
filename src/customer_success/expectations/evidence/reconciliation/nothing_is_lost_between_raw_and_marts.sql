select
    source || '.' || entity || ' ' || measure as item,
    discrepancy as observed,
    0 as expected
from analytics.fct_source_reconciliation

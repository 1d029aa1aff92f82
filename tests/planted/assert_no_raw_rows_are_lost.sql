-- A raw row that is unaccounted for.
update analytics.fct_source_reconciliation set discrepancy = 1 where entity = 'pets';

-- A raw row of which nobody knows where it went.
update analytics.fct_source_reconciliation set discrepancy = 1 where entity = 'pets';

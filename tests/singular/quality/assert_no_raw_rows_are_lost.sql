-- Each raw row is staged, quarantined, a duplicate, later than as_of_date or of an erased household; amounts add up too.
select *
from {{ ref('fct_source_reconciliation') }}
where discrepancy is distinct from 0

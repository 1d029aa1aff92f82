-- A published claim must be supported by the data. Otherwise withdraw it, or publish a claim that is supported.
select claim_id, deck, statement, verdict, reason
from {{ ref('fct_claim_verdicts') }}
where status = 'published' and verdict is distinct from 'supported'

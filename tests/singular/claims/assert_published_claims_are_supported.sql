-- What stands in a published deck must follow from the data: withdraw it, or publish what they do support.
select claim_id, deck, statement, verdict, reason
from {{ ref('fct_claim_verdicts') }}
where status = 'published' and verdict is distinct from 'supported'

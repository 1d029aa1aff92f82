-- Quarantined for want of a household, and for nothing else: what they cost is shown as unlinked MRR.
select {{ subscription_version_columns() }}
from {{ ref('base_stripe__subscription_history') }}
where quarantine_reason = 'unknown_household'

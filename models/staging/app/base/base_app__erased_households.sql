{{ config(materialized='table') }}

-- Households that an earlier build saw and the source no longer contains, and those that it marks as deleted; only a hash of
-- the id is stored.
select earlier_households.household_hash
from (
    select household_hash from ledger.ledger.households_seen
    union
    select sha256(id) from {{ ref('base_app__households') }} where row_class = 'deleted' and id is not null
) as earlier_households
anti join (
    select sha256(known_household_id) as household_hash from {{ ref('base_app__household_states') }}
) as current_households
    on earlier_households.household_hash = current_households.household_hash

{{ config(materialized='table') }}

-- Households that an earlier build saw and the source no longer contains, and those that it marks as deleted; only a hash of
-- the id is stored.
with households as (
    {{ household_states() }}
),

earlier_households as (
    select household_hash from ledger.ledger.households_seen
    union
    select sha256(known_household_id) from households where household_state = 'erased'
),

current_households as (
    select sha256(known_household_id) as household_hash from households where household_state <> 'erased'
)

select earlier_households.household_hash
from earlier_households
anti join current_households on earlier_households.household_hash = current_households.household_hash

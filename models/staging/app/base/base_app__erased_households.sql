{{ config(materialized='table') }}

-- Households that an earlier build saw and the source no longer contains; only a hash of the id is stored.
select earlier_households.household_hash
from ledger.ledger.households_seen as earlier_households
anti join (
    select sha256(id) as household_hash from {{ ref('base_app__households') }} where id is not null
) as current_households
    on earlier_households.household_hash = current_households.household_hash

{{ config(materialized='table') }}

-- Households that an earlier build saw and the source no longer contains; only a hash of the id is stored.
select seen.household_hash
from ledger.ledger.households_seen as seen
anti join (
    select sha256(id) as household_hash from {{ ref('base_app__households') }} where id is not null
) as present
    on seen.household_hash = present.household_hash

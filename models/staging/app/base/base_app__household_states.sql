{{ config(materialized='table', post_hook={'sql': '{{ record_seen_households() }}', 'transaction': false}) }}

-- The state of each household in the source: known, later than as_of_date, or quarantined (unknown).
select
    id as known_household_id,
    case
        when bool_or(quarantine_reason is null and not is_later) then 'known'
        when bool_or(is_later) then 'later'
        else 'unknown'
    end as household_state
from {{ ref('base_app__households') }}
where id is not null
group by id

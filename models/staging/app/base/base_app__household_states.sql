{{ config(materialized='table', post_hook={'sql': '{{ record_seen_households() }}', 'transaction': false}) }}

-- The state of each household in the source: known, later than as_of_date, or quarantined (unknown). One that the source
-- deleted is not there: it counts as erased.
select
    id as known_household_id,
    case
        when bool_or(row_class = 'staged') then 'known'
        when bool_or(row_class = 'later') then 'later'
        else 'unknown'
    end as household_state
from {{ ref('base_app__households') }}
where id is not null and row_class not in ('not_live', 'deleted', 'superseded')
group by id

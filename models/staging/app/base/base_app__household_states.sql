{{ config(materialized='table', post_hook={'sql': '{{ record_seen_households() }}', 'transaction': false}) }}

-- Households that the source contains. One that it deleted is not there: it counts as erased.
select * from ({{ household_states() }}) as households
where household_state <> 'erased'

{{ config(materialized='table', post_hook="{{ log_touched_days('(select cast(rescan_from as date) from ' ~ this ~ ')') }}") }}

-- depends_on: {{ source('product', 'events') }}
-- depends_on: {{ ref('base_app__household_states') }}, {{ ref('base_app__erased_households') }}
{%- set is_daily = execute and not flags.FULL_REFRESH -%}
{%- set previous_events = adapter.get_relation(this.database, this.schema, 'base_product__events') if is_daily else none %}

{% if not previous_events %}
select timestamp '1900-01-01' as rescan_from, date '1900-01-01' as first_event_day, false as lost_households
{% else %}
with raw_deliveries as (
    select
        {{ typed_columns('product', 'events') }},
        {{ row_flag('product', 'events', ['_fivetran_deleted', 'is_deleted'], true) }} as was_deleted
    from {{ source_or_empty('product', 'events') }} as source_row
),

previous_build as (
    select cast(as_of_date + 1 as timestamp) as previous_end from build.touched_days_applied where model = 'base_product__events'
),

-- If rows before the watermark were added, removed or deleted at the source since the previous build, all rows are read again.
backfilled as (
    select timestamp '1900-01-01' as received_at, timestamp '1900-01-01' as event_at
    from previous_build
    where
        (select (count(*), count(*) filter (where was_deleted)) from raw_deliveries
        where received_at < least(previous_end, {{ as_of_end() }}))
        <> (select (count(*), count(*) filter (where row_class = 'deleted')) from {{ previous_events }}
        where received_at < least(previous_end, {{ as_of_end() }}))
),

newly_received as (
    select min(received_at) as received_at, min(least(occurred_at, received_at)) as event_at
    from raw_deliveries
    where received_at >= (select previous_end from previous_build) and received_at < {{ as_of_end() }}
),

-- A build as of an earlier date than the previous one drops the rows that were not yet received then.
not_yet_received as (
    select min(received_at) as received_at, min(event_at) as event_at
    from {{ previous_events }}
    where received_at >= {{ as_of_end() }}
),

households_found as (
    select min(processed.received_at) as received_at, min(processed.event_at) as event_at
    from {{ previous_events }} as processed
    inner join {{ ref('base_app__household_states') }} as households on processed.household_id = households.known_household_id
    where processed.quarantine_reason in ('unknown_household', 'erased_household') and households.household_state = 'known'
),

households_lost as (
    select min(processed.received_at) as received_at, cast(null as timestamp) as event_at
    from {{ previous_events }} as processed
    left join {{ ref('base_app__household_states') }} as households on processed.household_id = households.known_household_id
    where processed.row_class = 'staged' and households.household_state is distinct from 'known'
),

-- Quarantined rows of a household that has been erased since: their JSON must be deleted.
households_erased as (
    select min(received_at) as received_at, cast(null as timestamp) as event_at
    from {{ previous_events }}
    where raw_json is not null and sha256(household_id) in (select household_hash from {{ ref('base_app__erased_households') }})
),

touched as (
    {%- for touch in ['backfilled', 'newly_received', 'not_yet_received', 'households_found', 'households_lost', 'households_erased'] %}
    select * from {{ touch }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    coalesce(min(received_at), {{ as_of_end() }}) as rescan_from,
    cast(min(event_at) as date) as first_event_day,
    (select count(received_at) > 0 from households_lost) as lost_households
from touched
{% endif %}

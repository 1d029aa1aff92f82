-- depends_on: {{ ref('stg_app__households') }}
-- depends_on: {{ ref('int_member_spells') }}
{{ config(
    materialized='incremental',
    unique_key='event_id',
    meta={'date_column': 'activity_date'},
    pre_hook="{{ log_touched_days(first_rebuilt_session_day()) }}"
) }}

-- Not materialized: three scans of a few columns are cheaper than keeping whole events in memory.
with member_events as not materialized (
    select * from {{ ref('int_events_of_members') }}
    {% if is_incremental() -%}
    where activity_date >= {{ first_day() }}
    union all
    -- Sessions that were open when the rebuilt days begin may continue into them.
    select event_id, household_id, user_id, members.member_number, activity_date, event_at, event_type, feature_name, pet_id
    from {{ this }}
    inner join (select distinct household_id, user_id, member_number from {{ ref('int_member_spells') }}) as members
        using (household_id, user_id)
    where
        activity_date < {{ first_day() }}
        and logout_at >= cast({{ first_day() }} as timestamp) - interval {{ var('session_gap_minutes') }} minute
    {%- endif %}
),

-- Sessions are split on distinct (member_number, event_at): narrow rows sort fast, and simultaneous events stay together.
moments as (
    select distinct member_number, event_at from member_events
),

gaps as (
    select *, lag(event_at) over (partition by member_number order by event_at) as previous_event_at
    from moments
),

numbered as (
    select
        member_number,
        event_at,
        sum(case when event_at <= previous_event_at + interval {{ var('session_gap_minutes') }} minute then 0 else 1 end)
            over (partition by member_number order by event_at rows between unbounded preceding and current row)
            as session_number
    from gaps
),

sessions as (
    select member_number, session_number, min(event_at) as login_at, max(event_at) as logout_at
    from numbered
    group by member_number, session_number
),

named_sessions as (
    select sessions.*, min(member_events.event_id) as session_id
    from sessions
    inner join member_events
        on sessions.member_number = member_events.member_number and sessions.login_at = member_events.event_at
    group by all
)

select
    member_events.* exclude (member_number),
    member_counts.member_count,
    named_sessions.session_id,
    named_sessions.login_at,
    named_sessions.logout_at,
    {{ minutes_between('named_sessions.login_at', 'named_sessions.logout_at') }} as session_duration_minutes
from member_events
inner join numbered using (member_number, event_at)
inner join named_sessions using (member_number, session_number)
left join {{ ref('int_household_member_counts') }} as member_counts
    on
        member_events.household_id = member_counts.household_id
        and member_events.activity_date >= member_counts.valid_from
        and member_events.activity_date < {{ open_end('member_counts.valid_until') }}

with versions as (
    from {{ ref('stg_stripe__subscription_history') }} union all from {{ ref('stg_stripe__unlinked_subscription_history') }}
),

numbered as (
    select
        *,
        row_number() over (partition by subscription_id order by valid_from) as version_number,
        lead(valid_from) over (partition by subscription_id order by valid_from) is null as is_last,
        cast(valid_from as date) as first_day,
        {{ end_day('ended_at') }} as ended_day,
        cast(coalesce(started_at, created_at, valid_from) as date) as begin_day
    from versions
),

-- A history that began late holds only the end of some subscriptions (begins_ended).
dated as (
    select
        *,
        version_number = 1
        and (status = 'canceled' or (coalesce(ended_at <= valid_from, false) and status <> 'incomplete_expired')) as begins_ended,
        case
            when begins_ended then coalesce(ended_day, first_day)
            when version_number = 1 then least(first_day, coalesce(cast(started_at as date), first_day))
            when ended_at < valid_from then least(first_day, ended_day)
            else first_day
        end as from_day
    from numbered
),

with_backfilled as (
    select *, version_number = 1 and not begins_ended and from_day < first_day as is_backfilled from dated
    union all
    select
        dated.* replace (
            phases.version_number as version_number,
            phases.status as status,
            null as pause_collection_behavior,
            false as cancel_at_period_end,
            null as cancel_at,
            case
                when phases.status = 'trialing' then dated.begin_day
                else greatest(dated.begin_day, coalesce({{ end_day('dated.trial_end') }}, dated.begin_day))
            end as from_day
        ),
        true
    from dated
    cross join (values (-1, 'trialing'), (0, 'active')) as phases (version_number, status)
    where dated.begins_ended and (phases.status = 'active' or {{ end_day('dated.trial_end') }} > dated.begin_day)
),

-- The version at the end of a day counts for it. Beginnings and ends that arrive late change the days before.
bounded as (
    select
        *,
        min(from_day) over (
            partition by subscription_id order by version_number rows between 1 following and unbounded following
        ) as until_day
    from with_backfilled
)

select
    * exclude (
        valid_from, trial_start, pause_collection_behavior, pause_collection_resumes_at, created_at, started_at, ended_at,
        ends_at, is_active, _fivetran_synced, is_last, first_day, ended_day, begin_day, begins_ended, from_day, until_day
    ),
    from_day as valid_from,
    case when until_day <= {{ as_of_date() }} then until_day end as valid_until,
    -- The first day on which it is over: it ended, or its last version did, or the day of a scheduled cancellation came.
    nullif(
        least(
            {{ open_end('ended_day') }},
            {{ open_end("case when is_last and not is_active then " ~ end_day('ends_at') ~ " end") }},
            {{ open_end(end_day('cancel_at')) }}
        ),
        date '9999-12-31'
    ) as ended_on,
    case when pause_collection_behavior <> '' then {{ open_end('cast(pause_collection_resumes_at as date)') }} end as paused_until
from bounded
where from_day <= {{ as_of_date() }} and from_day < {{ open_end('until_day') }}

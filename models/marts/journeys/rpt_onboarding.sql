-- Starts whose length is over, so that each had the time.
with starts as (
    select
        onboarding.*,
        programs.length_days,
        cast({{ dbt.date_trunc('month', 'onboarding.started_on') }} as date) as start_month,
        onboarding.completed_on <= onboarding.started_on + programs.length_days as is_in_time
    from {{ ref('fct_onboarding') }} as onboarding
    inner join {{ ref('onboarding_programs') }} as programs on onboarding.program = programs.program
    where onboarding.started_on + programs.length_days <= {{ as_of_date() }}
),

first_value_steps as (
    select distinct program from {{ ref('int_onboarding_steps') }} where is_first_value and is_known
),

counted as (
    select
        program,
        start_month,
        count(*) as started,
        -- Progress is unknown where none of the steps is recorded.
        count(progress) as measured,
        count(*) filter (where is_in_time) as in_time,
        count(completed_on) as ever,
        count(*) filter (where first_value_on <= started_on + {{ var('first_value_days') }}) as first_values,
        count(*) filter (where status = 'stalled') as stalled
    from starts
    group by program, start_month
),

medians as (
    -- Rounded, since sums of shares miss one half by less than a billionth.
    select program, start_month, min(days) as days
    from {{ ref('int_onboarding_incidence') }}
    where round(cumulative_incidence, 9) >= 0.5
    group by program, start_month
)

select
    counted.program,
    counted.start_month,
    counted.started,
    case when counted.measured > 0 then counted.in_time end as completed_in_time,
    {{ safe_ratio('counted.in_time', 'counted.measured') }} as completed_in_time_rate,
    case when counted.measured > 0 then counted.ever end as completed,
    {{ safe_ratio('counted.ever', 'counted.measured') }} as completed_rate,
    {{ wilson_bound('counted.in_time', 'counted.measured', '-') }} as ci_low,
    {{ wilson_bound('counted.in_time', 'counted.measured', '+') }} as ci_high,
    case when first_value_steps.program is not null then {{ safe_ratio('counted.first_values', 'counted.started') }} end
        as first_value_7d_rate,
    medians.days as median_days_to_first_value,
    counted.stalled
from counted
left join first_value_steps on counted.program = first_value_steps.program
left join medians on counted.program = medians.program and counted.start_month = medians.start_month

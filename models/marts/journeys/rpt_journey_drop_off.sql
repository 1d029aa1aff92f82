with rules as (
    select * from {{ ref('journey_drop_offs') }}
),

counted as (
    select stage, count(*) as n, count(*) filter (where has_left) as left_count
    from {{ ref('int_journey_first_entries') }}
    group by stage
    union all
    select 'onboarding', count(progress), count(progress) filter (where completed_on is null)
    from {{ ref('fct_onboarding') }} as onboarding
    inner join {{ ref('onboarding_programs') }} as programs on onboarding.program = programs.program
    where programs.begins_with = 'signup' and onboarding.started_on + programs.length_days <= {{ as_of_date() }}
),

measured as (
    select
        rules.stage,
        rules.stated_rate,
        case when rules.within_days is not null then coalesce(counted.n, 0) else counted.n end as n,
        counted.left_count,
        {{ safe_ratio('counted.left_count', 'counted.n') }} as drop_off_rate,
        {{ wilson_bound('counted.left_count', 'counted.n', '-') }} as ci_low,
        {{ wilson_bound('counted.left_count', 'counted.n', '+') }} as ci_high
    from rules
    left join counted on rules.stage = counted.stage
)

select
    stage,
    n,
    left_count,
    drop_off_rate,
    ci_low,
    ci_high,
    cast(stated_rate as double) as stated_rate,
    case
        when stated_rate is null then null
        when drop_off_rate is null then 'not_measurable'
        when ci_low > stated_rate then 'higher'
        when ci_high < stated_rate then 'lower'
        else 'consistent'
    end as verdict
from measured

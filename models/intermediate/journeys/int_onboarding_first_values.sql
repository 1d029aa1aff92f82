-- What came first after the start of a program that leads to a first value: the first value, a churn, or as_of_date.
with starts as (
    select * from {{ ref('int_onboarding_starts') }}
),

values_known as (
    select household_id, program, started_on, completed_on as first_value_on
    from {{ ref('int_onboarding_steps') }}
    where is_first_value and is_known
),

churns as (
    select starts.household_id, starts.program, starts.started_on, min(spells.churned_at) as churned_at
    from starts
    inner join {{ ref('int_household_churn_spells') }} as spells
        on starts.household_id = spells.household_id and spells.churned_at >= starts.started_on
    group by starts.household_id, starts.program, starts.started_on
)

select
    household_id,
    starts.program,
    starts.started_on,
    coalesce(values_known.first_value_on < {{ open_end('churns.churned_at') }}, false) as has_value,
    coalesce(churns.churned_at <= {{ open_end('values_known.first_value_on') }}, false) as has_churned_before,
    least(coalesce(values_known.first_value_on, {{ as_of_date() }}), coalesce(churns.churned_at, {{ as_of_date() }}))
        - starts.started_on as days
from starts
inner join values_known using (household_id, program, started_on)
left join churns using (household_id, program, started_on)
where starts.started_on + starts.length_days <= {{ as_of_date() }}

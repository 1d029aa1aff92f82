-- Per type, horizon and household: openings and base days (customers of the same plan on the same Sunday without an open
-- opportunity of the type, each Sunday weighted as the openings), and those that expanded within the horizon.
with opened as (
    select spells.household_id, spells.opportunity_type, spells.identified_at as score_date, customers.plan_type
    from {{ ref('int_opportunity_spells') }} as spells
    inner join {{ ref('int_growth_sundays') }} as customers
        on spells.household_id = customers.household_id and spells.identified_at = customers.score_date
    where
        spells.identified_at between {{ as_of_date() }} - {{ var('opportunity_outcome_days') + var('opportunity_study_days') }}
        and {{ as_of_date() }} - {{ var('opportunity_outcome_days') }}
),

cells as (
    select opportunity_type, score_date, plan_type, count(*) as openings from opened group by all
),

others as (
    select customers.household_id, cells.opportunity_type, cells.score_date, cells.plan_type, cells.openings
    from cells
    inner join {{ ref('int_growth_sundays') }} as customers
        on cells.score_date = customers.score_date and cells.plan_type = customers.plan_type
),

open_spells as (
    select household_id, opportunity_type, identified_at, {{ open_end('status_at') }} as open_until
    from {{ ref('int_opportunity_spells') }}
),

base as (
    select
        others.household_id,
        others.opportunity_type,
        others.score_date,
        others.openings / count(*) over (partition by others.opportunity_type, others.score_date, others.plan_type) as weight
    from others
    asof left join open_spells
        on
            others.household_id = open_spells.household_id
            and others.opportunity_type = open_spells.opportunity_type
            and others.score_date >= open_spells.identified_at
    where open_spells.open_until is null or open_spells.open_until <= others.score_date
),

days as (
    select household_id, opportunity_type, score_date, true as is_opening, 1.0 as weight from opened
    union all
    select household_id, opportunity_type, score_date, false, weight from base
),

won as (
    select household_id, opportunity_type, ended_on from {{ ref('int_opportunity_events') }} where outcome = 'won'
),

followed as (
    select days.*, won.ended_on - days.score_date as days_to_win
    from days
    asof left join won
        on
            days.household_id = won.household_id
            and days.opportunity_type = won.opportunity_type
            and days.score_date < won.ended_on
)

{%- for horizon in var('opportunity_horizons') %}
select
    opportunity_type,
    {{ horizon }} as horizon_days,
    household_id,
    count(*) filter (where is_opening) as openings,
    count(*) filter (where is_opening and days_to_win <= {{ horizon }}) as openings_won,
    count(*) filter (where not is_opening) as base_days,
    sum(cast(weight as decimal(18, 9))) filter (where not is_opening) as base_weight,
    coalesce(sum(cast(weight as decimal(18, 9))) filter (where not is_opening and days_to_win <= {{ horizon }}), 0) as base_weight_won
from followed
group by opportunity_type, household_id
{{ 'union all' if not loop.last }}
{%- endfor %}

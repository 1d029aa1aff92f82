-- What ends an open opportunity: won by a paying upgrade or a conversion (seats: by seats added), lost by churn or a paying downgrade.
with changes as (
    select household_id, changed_at, change_type, upgrade_date, downgrade_date from {{ ref('fct_subscription_changes') }}
),

types as (
    select opportunity_type, won_by from {{ ref('opportunity_types') }}
),

ends as (
    select changes.household_id, types.opportunity_type, changes.changed_at as ended_on, 'won' as outcome
    from changes
    inner join types
        on
            (types.won_by = 'plan' and (changes.upgrade_date is not null or changes.change_type = 'trial_converted'))
            or (types.won_by = 'seats' and changes.change_type = 'seats_added')
    union all
    select changes.household_id, types.opportunity_type, changes.changed_at, 'lost'
    from changes
    cross join types
    where changes.downgrade_date is not null
    union all
    select spells.household_id, types.opportunity_type, spells.churned_at, 'lost'
    from {{ ref('int_household_churn_spells') }} as spells
    cross join types
)

select household_id, opportunity_type, ended_on, max(outcome) as outcome  -- of one day, winning counts
from ends
where ended_on <= {{ as_of_date() }}
group by household_id, opportunity_type, ended_on

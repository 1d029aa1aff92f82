with customers as (
    select customers.household_id, customers.score_date
    from {{ ref('int_household_score_dates') }} as customers
    inner join {{ ref('int_churn_snapshot_dates') }} as dates on customers.score_date = dates.score_date
),

pets as (
    select customers.household_id, customers.score_date, count(*) as pets
    from customers
    inner join {{ ref('stg_app__pets') }} as pets
        on
            customers.household_id = pets.household_id
            and customers.score_date >= pets.added_date
            and customers.score_date < {{ open_end('pets.removed_date') }}
    group by customers.household_id, customers.score_date
),

-- An expansion: more revenue from a household that already paid; in a free period it did not.
expansions as (
    select customers.household_id, customers.score_date, count(*) as expansions_365d
    from customers
    inner join {{ ref('fct_subscription_changes') }} as changes
        on
            customers.household_id = changes.household_id
            and customers.score_date >= changes.changed_at
            and customers.score_date < changes.changed_at + 365
    where changes.mrr_before > 0 and changes.mrr_delta > 0
    group by customers.household_id, customers.score_date
)

select
    customers.household_id,
    customers.score_date,
    {{ count_or_unknown('pets.pets', 'app', 'pets') }} as pets,
    {{ count_or_unknown('expansions.expansions_365d', 'stripe', 'subscription_history') }} as expansions_365d
from customers
left join pets on customers.household_id = pets.household_id and customers.score_date = pets.score_date
left join expansions on customers.household_id = expansions.household_id and customers.score_date = expansions.score_date

with here as (
    select 'tickets ' || strftime(created_at, '%Y-%m') as item, count(*) as found
    from analytics.fct_support_tickets
    group by 1
    union all
    select 'CSAT answers ' || strftime(responded_at, '%Y-%m'), count(*)
    from analytics.fct_csat_responses
    group by 1
    union all
    select 'events ' || strftime(event_date, '%Y-%m'), count(*)
    from analytics.fct_events
    group by 1
),

there as (
    select 'tickets ' || strftime(created_at, '%Y-%m') as item, count(*) as found
    from staging.stg_zendesk__ticket
    group by 1
    union all
    select 'CSAT answers ' || strftime(responded_at, '%Y-%m'), count(*)
    from staging.stg_survey__response
    where survey_type = 'CSAT'
    group by 1
    union all
    select 'events ' || strftime(event_at, '%Y-%m'), count(*)
    from staging.stg_product__events
    group by 1
)

select
    item,
    here.found as observed,
    there.found as expected
from here
full join there using (item)

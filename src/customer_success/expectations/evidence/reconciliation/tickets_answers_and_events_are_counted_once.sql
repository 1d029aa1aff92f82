with here as (
    select 'tickets' as entity, date_trunc('month', created_at) as month, count(*) as found
    from analytics.fct_support_tickets
    group by all
    union all
    select 'CSAT answers', date_trunc('month', responded_at), count(*)
    from analytics.fct_csat_responses
    group by all
    union all
    select 'events', date_trunc('month', event_date), count(*)
    from analytics.fct_events
    group by all
),

there as (
    select 'tickets' as entity, date_trunc('month', created_at) as month, count(*) as found
    from staging.stg_zendesk__ticket
    group by all
    union all
    select 'CSAT answers', date_trunc('month', responded_at), count(*)
    from staging.stg_survey__response
    where survey_type = 'CSAT'
    group by all
    union all
    select 'events', date_trunc('month', event_at), count(*)
    from staging.stg_product__events
    group by all
)

select
    entity || ' ' || strftime(month, '%Y-%m') as item,
    here.found as observed,
    there.found as expected
from here
full join there using (entity, month)

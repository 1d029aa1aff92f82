-- Hours from the latest load of a source to the end of the last day, at least 0.
create temp view source_ages as
select source, greatest(date_diff('hour', max(synced), cast(as_of() + 1 as timestamp)), 0) as age_hours
from (
    select 'app' as source, max(_fivetran_synced) as synced from staging.stg_app__households
    union all
    select 'product', max(_fivetran_synced) from staging.stg_product__events
    union all
    select 'stripe', max(_fivetran_synced) from staging.stg_stripe__subscription_history
    union all
    select 'stripe', max(_fivetran_synced) from staging.stg_stripe__charge
    union all
    select 'zendesk', max(_fivetran_synced) from staging.stg_zendesk__ticket
    union all
    select 'zendesk', max(_fivetran_synced) from staging.stg_zendesk__ticket_field_history
    union all
    select 'survey', max(_fivetran_synced) from staging.stg_survey__response
    union all
    select 'hubspot', max(_fivetran_synced) from staging.stg_hubspot__engagement
    union all
    select 'cs', max(_fivetran_synced) from staging.stg_cs__check_ins
)
where synced is not null
group by source

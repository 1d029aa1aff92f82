-- Hours from the latest load of a source, over all its tables, to the end of the last day; at least 0.
create temp view source_ages as
with loads as (
    select 'app' as source, max(_fivetran_synced) as synced from staging.base_app__feature_settings
    union all
    select 'app', max(_fivetran_synced) from staging.base_app__household_members
    union all
    select 'app', max(_fivetran_synced) from staging.base_app__households
    union all
    select 'app', max(_fivetran_synced) from staging.base_app__pets
    union all
    select 'app', max(_fivetran_synced) from staging.base_app__tasks
    union all
    select 'app', max(_fivetran_synced) from staging.base_app__users
    union all
    select 'cs', max(_fivetran_synced) from staging.base_cs__check_ins
    union all
    select 'cs', max(_fivetran_synced) from staging.base_cs__csms
    union all
    select 'cs', max(_fivetran_synced) from staging.base_cs__advocacy_activities
    union all
    select 'cs', max(_fivetran_synced) from staging.base_cs__credits
    union all
    select 'cs', max(_fivetran_synced) from staging.base_cs__deliveries
    union all
    select 'cs', max(_fivetran_synced) from staging.base_cs__lifecycle_overrides
    union all
    select 'cs', max(_fivetran_synced) from staging.base_cs__referral_codes
    union all
    select 'cs', max(_fivetran_synced) from staging.base_cs__referrals
    union all
    select 'cs', max(_fivetran_synced) from staging.base_cs__review_requests
    union all
    select 'cs', max(_fivetran_synced) from staging.base_cs__reviews
    union all
    select 'cs', max(_fivetran_synced) from staging.base_cs__success_criteria
    union all
    select 'cs', max(_fivetran_synced) from staging.base_cs__success_plans
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__company
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__company_property_history
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__contact
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__contact_company
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__contact_merge_audit
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__email_event
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__email_event_click
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__email_event_open
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__email_event_sent
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__engagement_call
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__engagement_communication
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__engagement_company
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__engagement_contact
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__engagement_email
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__engagement_meeting
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__engagement_note
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__engagement_task
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__engagement
    union all
    select 'hubspot', max(_fivetran_synced) from staging.base_hubspot__owner
    union all
    select 'product', max(_fivetran_synced) from staging.base_product__events
    union all
    select 'stripe', max(_fivetran_synced) from staging.base_stripe__charge
    union all
    select 'stripe', max(_fivetran_synced) from staging.base_stripe__customer
    union all
    select 'stripe', max(_fivetran_synced) from staging.base_stripe__invoice
    union all
    select 'stripe', max(_fivetran_synced) from staging.base_stripe__price
    union all
    select 'stripe', max(_fivetran_synced) from staging.base_stripe__product
    union all
    select 'stripe', max(_fivetran_synced) from staging.base_stripe__refund
    union all
    select 'stripe', max(_fivetran_synced) from staging.base_stripe__subscription_history
    union all
    select 'survey', max(_fivetran_synced) from staging.base_survey__invitation
    union all
    select 'survey', max(_fivetran_synced) from staging.base_survey__response
    union all
    select 'zendesk', max(_fivetran_synced) from staging.base_zendesk__organization
    union all
    select 'zendesk', max(_fivetran_synced) from staging.base_zendesk__ticket
    union all
    select 'zendesk', max(_fivetran_synced) from staging.base_zendesk__ticket_comment
    union all
    select 'zendesk', max(_fivetran_synced) from staging.base_zendesk__ticket_field_history
    union all
    select 'zendesk', max(_fivetran_synced) from staging.base_zendesk__ticket_tag
    union all
    select 'zendesk', max(_fivetran_synced) from staging.base_zendesk__user
)

select source, greatest(date_diff('minute', max(synced), cast(as_of() + 1 as timestamp)) / 60, 0) as age_hours
from loads
where synced is not null
group by source

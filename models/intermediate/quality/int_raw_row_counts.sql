{{ counted_rows('app', 'feature_settings') }}
union all
{{ counted_rows('app', 'household_members') }}
union all
{{ counted_rows('app', 'households') }}
union all
{{ counted_rows('app', 'pets') }}
union all
{{ counted_rows('app', 'tasks') }}
union all
{{ counted_rows('app', 'users') }}
union all
{{ counted_rows('cs', 'check_ins') }}
union all
{{ counted_rows('hubspot', 'company') }}
union all
{{ counted_rows('hubspot', 'contact') }}
union all
{{ counted_rows('hubspot', 'engagement') }}
union all
{{ counted_rows('hubspot', 'owner') }}
union all
{{ counted_rows('meta', 'dataset') }}
union all
{{ counted_rows('stripe', 'charge') }}
union all
{{ counted_rows('stripe', 'customer') }}
union all
{{ counted_rows('stripe', 'invoice') }}
union all
{{ counted_rows('stripe', 'price') }}
union all
{{ counted_rows('stripe', 'product') }}
union all
{{ counted_rows('stripe', 'refund') }}
union all
{{ counted_rows('stripe', 'subscription_history') }}
union all
{{ counted_rows('survey', 'invitation') }}
union all
{{ counted_rows('survey', 'response') }}
union all
{{ counted_rows('zendesk', 'organization') }}
union all
{{ counted_rows('zendesk', 'ticket') }}
union all
{{ counted_rows('zendesk', 'ticket_comment') }}
union all
{{ counted_rows('zendesk', 'ticket_field_history') }}
union all
{{ counted_rows('zendesk', 'ticket_tag') }}
union all
{{ counted_rows('zendesk', 'user') }}
union all
select * from {{ ref('int_raw_event_counts') }}

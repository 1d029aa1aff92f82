{#- The raw tables that the project reads: {source: [tables]}. Each has a base and a staging model; its columns are declared
    in its source YAML (raw_contract). -#}
{% macro raw_tables() %}
    {{- return({
        'app': ['feature_settings', 'household_members', 'households', 'pets', 'tasks', 'users'],
        'cs': [
            'advocacy_activities', 'check_ins', 'credits', 'csms', 'deliveries', 'lifecycle_overrides', 'referral_codes',
            'referrals', 'review_requests', 'reviews', 'success_criteria', 'success_plans'
        ],
        'hubspot': [
            'company', 'company_property_history', 'contact', 'contact_company', 'contact_merge_audit', 'email_event',
            'email_event_click', 'email_event_open', 'email_event_sent', 'engagement', 'engagement_call',
            'engagement_communication', 'engagement_company', 'engagement_contact', 'engagement_email', 'engagement_meeting',
            'engagement_note', 'engagement_task', 'owner'
        ],
        'meta': ['dataset', 'fx_rates'],
        'product': ['events'],
        'stripe': [
            'charge', 'coupon', 'customer', 'discount', 'invoice', 'plan', 'price', 'product', 'refund',
            'subscription_discount', 'subscription_history', 'subscription_item'
        ],
        'survey': ['invitation', 'response'],
        'zendesk': ['organization', 'ticket', 'ticket_comment', 'ticket_field_history', 'ticket_tag', 'user'],
    }) -}}
{% endmacro %}

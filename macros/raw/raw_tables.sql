{#- The raw tables that the project reads: {source: [tables]}. Each has a base and a staging model; its columns are declared
    in its source YAML (raw_contract). -#}
{% macro raw_tables() %}
    {{- return({
        'app': ['feature_settings', 'household_members', 'households', 'pets', 'tasks', 'users'],
        'cs': ['check_ins'],
        'hubspot': ['company', 'contact', 'engagement', 'owner'],
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

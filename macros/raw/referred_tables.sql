{#- The raw tables whose deleted rows stay readable for what refers to them (prices in the history of a subscription, names of
    staff): their staging models have is_deleted, and no mart of their own shows a deleted one. -#}
{% macro referred_tables() %}
    {{- return([
        ('hubspot', 'contact'), ('hubspot', 'owner'), ('stripe', 'coupon'), ('stripe', 'customer'), ('stripe', 'plan'),
        ('stripe', 'price'), ('stripe', 'product'),
        ('zendesk', 'organization'), ('zendesk', 'user')
    ]) -}}
{% endmacro %}

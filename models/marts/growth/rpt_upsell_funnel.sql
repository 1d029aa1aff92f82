with counted as (
    select
        count(*) as free_customers,
        count(reached_at) as reached,
        count(considered_at) as considered,
        count(trial_on) as trial,
        count(bought_on) as bought,
        count(bought_after_trial_on) as bought_after_trial,
        count(bought_unreached_on) as bought_unreached
    from {{ ref('int_upsell_funnel') }}
)

{%- set steps = [
    ('reached_to_considered', 'considered', 'reached'),
    ('considered_to_trial', 'trial', 'considered'),
    ('trial_to_bought', 'bought_after_trial', 'trial')
] %}

select
    free_customers,
    reached,
    considered,
    trial,
    bought,
    {%- for step, numerator, denominator in steps %}
    {{ numerator }} / nullif({{ denominator }}, 0) as {{ step }},
    {%- endfor %}
    bought / nullif(free_customers, 0) as overall_conversion,
    bought_unreached
    {%- for step, numerator, denominator in steps %},
    {{ wilson_bound(numerator, denominator, '-') }} as {{ step }}_ci_low,
    {{ wilson_bound(numerator, denominator, '+') }} as {{ step }}_ci_high
    {%- endfor %}
from counted

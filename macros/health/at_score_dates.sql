{#- Joins of the tables int_<name>_at_score_dates to the customers at score dates, each under its short name. -#}
{% macro at_score_dates(names, pattern='int_{}_at_score_dates', kind='inner') %}
    {%- for name in names %}
    {{ kind }} join {{ ref(pattern.format(name)) }} as {{ name }}
        on customers.household_id = {{ name }}.household_id and customers.score_date = {{ name }}.score_date
    {%- endfor %}
{%- endmacro %}

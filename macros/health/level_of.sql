{#- The level of a dimension of the customer profile: the first matching rule of seed profile_levels. The calling model has
    one column per metric. A rule with operator 'unknown' gives the level where no other rule matches. -#}
{% macro level_of(dimension) %}
    {%- set rules = rule_rows('profile_levels', "dimension = '" ~ dimension ~ "'") -%}
    {%- if not rules -%}{{- return('cast(null as varchar)') -}}{%- endif -%}
    case
    {%- for rule in rules if rule['operator'] != 'unknown' %}
        when {{ rule['metric'] }} {{ rule['operator'] }} {{ rule['bound'] }} then '{{ rule['level'] }}'
    {%- endfor %}
    {%- for rule in rules if rule['operator'] == 'unknown' %}
        else '{{ rule['level'] }}'
    {%- endfor %}
    end
{%- endmacro %}

{#- A score as published: an integer, rounded half away from zero. The quotient is floating point, so it is first cast to nine
    decimals, which makes halves exact. Null where the known weight is below var min_known_weight. -#}
{% macro rounded_score(score, known_weight) %}
    {{- return(
        'case when round(' ~ known_weight ~ ', 9) >= ' ~ var('min_known_weight')
        ~ ' then cast(round(cast(' ~ score ~ ' as decimal(12, 9)), 0) as integer) end'
    ) -}}
{% endmacro %}

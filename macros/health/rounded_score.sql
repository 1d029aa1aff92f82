{#- A score as it is published: an integer, rounded once, half away from zero. DuckDB divides in floating point, so the
    quotient is first brought to nine decimals, where a half is a half again; unknown where too little is known. -#}
{% macro rounded_score(score, known_weight) %}
    {{- return(
        'case when round(' ~ known_weight ~ ', 9) >= ' ~ var('min_known_weight')
        ~ ' then cast(round(cast(' ~ score ~ ' as decimal(12, 9)), 0) as integer) end'
    ) -}}
{% endmacro %}

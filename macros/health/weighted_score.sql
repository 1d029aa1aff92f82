{#- A scorecard's score before rounding, as {score, known}: SQL of the weighted mean of its non-null parts and of their total
    weight (seed health_parts). `column` and `share` are templates: part -> column of its score, of its known share. -#}
{% macro weighted_score(health_model, column='{}', share=none) %}
    {%- set sums, weights, known = [], [], [] -%}
    {%- for part in rule_rows('health_parts', "health_model = '" ~ health_model ~ "'", 'part') -%}
        {%- set score = column.format(part['part']) -%}
        {%- set if_known = 'case when ' ~ score ~ ' is null then 0 else ' ~ part['weight'] ~ ' end' -%}
        {%- do sums.append('coalesce(' ~ score ~ ', 0) * ' ~ part['weight']) -%}
        {%- do weights.append(if_known) -%}
        {%- do known.append(if_known if not share else 'coalesce(' ~ share.format(part['part']) ~ ', 0) * ' ~ part['weight']) -%}
    {%- endfor -%}
    {%- if not sums -%}{{- return({'score': 'cast(null as double)', 'known': 'cast(null as double)'}) -}}{%- endif -%}
    {{- return({
        'score': '((' ~ sums | join(' + ') ~ ') / nullif(' ~ weights | join(' + ') ~ ', 0))',
        'known': '(' ~ known | join(' + ') ~ ')'
    }) -}}
{% endmacro %}

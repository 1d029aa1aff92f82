{#- A scorecard part that is linear in its metrics (seed health_lines), as {score, known}: SQL of the weighted mean of the
    non-null metrics (0–100, null if there are none) and of their share of the total metric weight. -#}
{% macro line_part(health_model, part) %}
    {%- set lines = rule_rows('health_lines', "health_model = '" ~ health_model ~ "' and part = '" ~ part ~ "'", 'metric') -%}
    {%- set points, known, total = [], [], [] -%}
    {%- for line in lines -%}
        {%- set weight = line['weight_numerator'] ~ '.0 / ' ~ line['weight_denominator'] -%}
        {%- do points.append('coalesce(' ~ position_on_line(line['metric'], line['worst'], line['ideal']) ~ ', 0) * ' ~ weight) -%}
        {%- do known.append('case when ' ~ line['metric'] ~ ' is null then 0 else ' ~ weight ~ ' end') -%}
    {%- endfor -%}
    {%- if not lines -%}{{- return({'score': 'cast(null as double)', 'known': 'cast(null as double)'}) -}}{%- endif -%}
    {%- set known = '(' ~ known | join(' + ') ~ ')' -%}
    {{- return({'score': '100 * (' ~ points | join(' + ') ~ ') / nullif(' ~ known ~ ', 0)', 'known': known}) -}}
{% endmacro %}

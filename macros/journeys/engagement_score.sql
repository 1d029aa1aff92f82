{#- The engagement score of a month before rounding, as {score, known}: SQL of the weighted mean of the shares of their full
    values that the known metrics reach (seed engagement_metrics), and of the known weight. -#}
{% macro engagement_score() %}
    {%- set sums, weights = [], [] -%}
    {%- for rule in rule_rows('engagement_metrics', order_by='metric') -%}
        {%- set share = 'least(100, 100 * cast(' ~ rule['metric'] ~ ' as double) / ' ~ rule['full_value'] ~ ')' -%}
        {%- set is_known = rule['metric'] ~ ' is not null' -%}
        {%- do sums.append('case when ' ~ is_known ~ ' then ' ~ rule['weight'] ~ ' * ' ~ share ~ ' else 0 end') -%}
        {%- do weights.append('case when ' ~ is_known ~ ' then ' ~ rule['weight'] ~ ' else 0 end') -%}
    {%- endfor -%}
    {%- if not sums -%}{{- return({'score': 'cast(null as double)', 'known': 'cast(null as double)'}) -}}{%- endif -%}
    {{- return({
        'score': '((' ~ sums | join(' + ') ~ ') / nullif(' ~ weights | join(' + ') ~ ', 0))',
        'known': '(' ~ weights | join(' + ') ~ ')'
    }) -}}
{% endmacro %}

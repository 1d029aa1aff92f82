{#- The score of a part that is computed from points: the sum of the points of its rules in seed health_points, clipped to
    0–100. The calling model has one column per metric. A null metric gives 0 points; if all are null, the score is null. -#}
{% macro points(part) %}
    {%- set rules = rule_rows('health_points', "part = '" ~ part ~ "'", "metric, rule_order") -%}
    {%- set base, terms, metrics = [0], [], [] -%}
    {%- for rule in rules -%}
        {%- if rule['kind'] == 'base' -%}{%- do base.append(rule['points']) -%}
        {%- elif rule['metric'] not in metrics -%}
            {%- do metrics.append(rule['metric']) -%}
            {%- do terms.append(points_of_metric(rules | selectattr('metric', 'equalto', rule['metric']) | list)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not metrics -%}{{- return('cast(null as decimal(12, 9))') -}}{%- endif -%}
    cast(
        case when coalesce({% for metric in metrics %}cast({{ metric }} as varchar){{ ', ' if not loop.last }}{% endfor %}) is not null
            then greatest(0, least(100, {{ base | sum }}{% for term in terms %}
                + {{ term }}{% endfor %}))
        end as decimal(12, 9)
    )
{%- endmacro %}

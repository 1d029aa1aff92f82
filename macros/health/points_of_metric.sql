{#- The points of one metric, from its first matching rule. Kind `line` interpolates from 0 points at `worst` to all points at
    `ideal`; `per_unit` multiplies, up to `cap`; `step` compares with `bound`; `match` compares text with `operator`. -#}
{% macro points_of_metric(rules) %}
    {%- set metric = rules[0]['metric'] -%}
    case
    {%- for rule in rules %}
        {%- set when = [] -%}
        {%- if rule.get('when_min') is not none -%}{%- do when.append(rule.get('when_metric') ~ ' >= ' ~ rule.get('when_min')) -%}{%- endif -%}
        {%- if rule.get('when_max') is not none -%}{%- do when.append(rule.get('when_metric') ~ ' <= ' ~ rule.get('when_max')) -%}{%- endif -%}
        {%- if rule['kind'] == 'match' -%}{%- do when.append(metric ~ " = '" ~ rule['operator'] ~ "'") -%}
        {%- elif rule['kind'] == 'step' -%}{%- do when.append(metric ~ ' ' ~ rule['operator'] ~ ' ' ~ rule['bound']) -%}
        {%- else -%}{%- do when.append(metric ~ ' is not null') -%}{%- endif %}
        when {{ when | join(' and ') }} then
        {%- if rule['kind'] == 'line' %} {{ rule['points'] }} * {{ position_on_line(metric, rule['worst'], rule['ideal']) }}
        {%- elif rule['kind'] == 'per_unit' and rule.get('cap') is not none %} {{ 'greatest(-' if rule['points'] < 0 else 'least(' }}{{ rule['cap'] }}, {{ rule['points'] }} * {{ metric }})
        {%- elif rule['kind'] == 'per_unit' %} {{ rule['points'] }} * {{ metric }}
        {%- else %} {{ rule['points'] }}
        {%- endif %}
    {%- endfor %}
        else 0
    end
{%- endmacro %}

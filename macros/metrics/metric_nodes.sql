{#- Rows (kind, name, content as JSON) of the metric definitions: metrics, their semantic models, and the vars that they
    refer to. Empty while dbt parses. -#}
{% macro metric_nodes() %}
    {%- set row = "select '{}' as kind, '{}' as name, '{}' as content" -%}
    {%- set queries, variables = [], {} -%}
    {%- for model in graph.get('semantic_models', {}).values() -%}
        {%- set kept = {'name': model.name, 'measures': model.measures, 'node_relation': model.node_relation} -%}
        {%- do queries.append(row.format('semantic_model', model.name, tojson(kept) | replace("'", "''"))) -%}
    {%- endfor -%}
    {%- for metric in graph.get('metrics', {}).values() if execute and not is_component(metric) -%}
        {%- set kept = {} -%}
        {%- for key in ['name', 'label', 'description', 'type', 'type_params', 'filter', 'config'] -%}
            {%- do kept.update({key: metric[key]}) -%}
        {%- endfor -%}
        {%- do queries.append(row.format('metric', metric.name, tojson(kept) | replace("'", "''"))) -%}
        {%- for name in metric.config.meta.get('variables', []) -%}{%- do variables.update({name: var(name)}) -%}{%- endfor -%}
    {%- endfor -%}
    {%- for name, value in variables.items() -%}
        {%- do queries.append(row.format('variable', name, tojson(value) | replace("'", "''"))) -%}
    {%- endfor -%}
    {{- return(queries | join('\nunion all\n') or row.format('', '', '') ~ ' where false') -}}
{% endmacro %}

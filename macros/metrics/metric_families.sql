{#- The semantic models as [{table, measures: [{name, agg}], metrics: [node]}], each with the metrics whose numerator it
    contains. Empty while dbt parses. -#}
{% macro metric_families() %}
    {%- set families = [] -%}
    {%- for model in graph.get('semantic_models', {}).values() -%}
        {%- set names = model.measures | map(attribute='name') | list -%}
        {%- set metrics = [] -%}
        {%- for metric in graph.get('metrics', {}).values() if not is_component(metric) and metric_parts(metric).numerator in names -%}
            {%- do metrics.append(metric) -%}
        {%- endfor -%}
        {%- do families.append({'table': model.node_relation.alias, 'measures': model.measures, 'metrics': metrics}) -%}
    {%- endfor -%}
    {{- return(families) -}}
{% endmacro %}

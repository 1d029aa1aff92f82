{#- The first moment of receipt from which raw events are judged again in this build, as a timestamp literal. -#}
{% macro rescan_from() %}
    {%- set window = ref('base_product__event_window') -%}
    {%- set moment = run_query('select rescan_from from ' ~ window).rows[0][0] if execute else '1900-01-01' -%}
    {{- return("timestamp '" ~ moment ~ "'") -}}
{% endmacro %}

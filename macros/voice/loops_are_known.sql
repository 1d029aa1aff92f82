{#- Whether closed loops are known: answers to surveys or reviews open them. -#}
{% macro loops_are_known() %}
    {{- return(source_is_present('survey', 'response') or source_is_present('cs', 'reviews')) -}}
{% endmacro %}

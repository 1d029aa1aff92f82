{#- Whether a text has one of the words, in any case; null without a text. False where the seed has no such words. -#}
{% macro mentions(text, words) %}
    {%- if not words -%}{{- return('false') -}}{%- endif -%}
    {{- return('regexp_matches(' ~ text ~ ', ' ~ word_pattern(words) ~ ", 'i')") -}}
{% endmacro %}

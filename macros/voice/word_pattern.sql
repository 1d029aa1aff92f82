{#- A regular expression, as a SQL literal, that finds one of the words or phrases as a whole word or in its plural, never
    inside another word. Letters of any alphabet make a word, so it names them; RE2's \b knows only those of English. -#}
{% macro word_pattern(words) %}
    {%- set escaped = [] -%}
    {%- for word in words -%}{%- do escaped.append(modules.re.escape(word)) -%}{%- endfor -%}
    {{- return(sql_text('(^|[^\\pL\\pN_])(' ~ escaped | join('|') ~ ')(s|es)?([^\\pL\\pN_]|$)')) -}}
{% endmacro %}

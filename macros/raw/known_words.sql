{#- The words that a column of the contract is compared with: those of a var, {var: name}, or of a column of a seed's file,
    {seed: name, column: name}. -#}
{% macro known_words(words) %}
    {% if words.var is defined %}{{ return(var(words.var)) }}{% endif %}
    {{ return(run_query('select ' ~ words.column ~ ' from ' ~ seed_text(words.seed)).columns[0].values()) }}
{% endmacro %}

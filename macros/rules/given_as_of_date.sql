{#- Var as_of_date as text, or none if it is empty. Raises an error if it is not a date in the format YYYY-MM-DD. -#}
{% macro given_as_of_date() %}
    {% set given = (var('as_of_date') or '') | string %}
    {% if not given %}{{ return(none) }}{% endif %}
    {% if not modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', given)
        or run_query('select try_cast(' ~ sql_text(given) ~ ' as date) is null').rows[0][0] %}
        {{ exceptions.raise_compiler_error('AS_OF must be YYYY-MM-DD') }}
    {% endif %}
    {{ return(given) }}
{% endmacro %}

{#- The date that the build is asked for as text, or none: CS_AS_OF_DATE, which the build command sets, or var as_of_date.
    Raises an error if they differ or if it is not a date in the format YYYY-MM-DD. Only called when dbt executes:
    then another day does not parse the project again. -#}
{% macro given_as_of_date() %}
    {% set variable, told = (var('as_of_date') or '') | string, env_var('CS_AS_OF_DATE', '') %}
    {% set given = told or variable %}
    {% if not given %}{{ return(none) }}{% endif %}
    {% if variable and variable != given %}
        {{ exceptions.raise_compiler_error('as_of_date is given twice: the var is ' ~ variable ~ ', CS_AS_OF_DATE is ' ~ told) }}
    {% endif %}
    {% if not modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', given)
        or run_query('select try_cast(' ~ sql_text(given) ~ ' as date) is null').rows[0][0] %}
        {{ exceptions.raise_compiler_error('AS_OF must be YYYY-MM-DD') }}
    {% endif %}
    {{ return(given) }}
{% endmacro %}

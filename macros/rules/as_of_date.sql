{#- The last complete day of the build as a date literal: var as_of_date, or what fix_as_of_date() found. -#}
{% macro as_of_date() %}
    {%- if var('as_of_date') -%}
        {{ return("date '" ~ var('as_of_date') ~ "'") }}
    {%- elif not execute -%}
        {{ return("date '1970-01-01'") }}
    {%- endif -%}
    {{ return("date '" ~ run_query('select as_of_date from ' ~ build_relation()).rows[0][0] ~ "'") }}
{% endmacro %}

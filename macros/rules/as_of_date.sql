{#- The last complete day of the build as a date literal: var as_of_date, or the date that fix_as_of_date() stored at the
    start of the build. When SQL is compiled before the first build, a date before all data. -#}
{% macro as_of_date() %}
    {%- if var('as_of_date') -%}
        {{ return("date '" ~ var('as_of_date') ~ "'") }}
    {%- elif not execute or load_relation(build_relation()) is none -%}
        {{ return("date '1970-01-01'") }}
    {%- endif -%}
    {{ return("date '" ~ run_query('select as_of_date from ' ~ build_relation()).rows[0][0] ~ "'") }}
{% endmacro %}

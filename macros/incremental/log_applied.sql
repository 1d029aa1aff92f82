{#- Post-hook of each incremental model with a meta.date_column: records the position in the log up to which it is applied. -#}
{% macro log_applied() %}
    {%- if config.get('materialized') == 'incremental' and config.get('meta', {}).get('date_column') %}
    insert or replace into build.touched_days_applied
    select '{{ this.identifier }}', coalesce(max(sequence), 0), {{ as_of_date() }}, {{ vars_hash() }}
    from build.touched_days
    {%- endif %}
{% endmacro %}

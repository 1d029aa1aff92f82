{#- Incremental strategy 'replace_all': replaces all rows, for a model that is cheap or that itself reuses unchanged rows.
    With meta.logs ({days, columns}) it logs the earliest day whose rows differ from the previous build. -#}
{% macro get_incremental_replace_all_sql(arg_dict) %}
    {%- set target, new, logs = arg_dict['target_relation'], arg_dict['temp_relation'], config.get('meta', {}).get('logs') -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- if logs %}
    {%- set changed = [] -%}
    {%- for day in logs['days'] -%}
        {%- do changed.append(
            'select day from (' ~ daily_fingerprints(target, day, logs['columns']) ~ ') as before full join ('
            ~ daily_fingerprints(new, day, logs['columns']) ~ ') as after using (day)'
            ~ ' where before.fingerprint is distinct from after.fingerprint'
        ) -%}
    {%- endfor -%}
    {{ log_touched_days('(select min(day) from (' ~ changed | join(' union all ') ~ ') as changed_days)') }};
    {%- endif %}
    delete from {{ target }};
    insert into {{ target }} ({{ columns }}) select {{ columns }} from {{ new }};
{% endmacro %}

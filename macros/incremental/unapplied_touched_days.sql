{#- The touched days that upstream models have logged and the running model has not applied, as {first_day,
    lost_households}, and last_as_of_date, the as_of_date of its last build with the same vars (none if there was none). -#}
{% macro unapplied_touched_days() %}
    {%- set upstream, names = [model.unique_id], [] -%}
    {%- for node in upstream -%}
        {%- do names.append(node.split('.')[-1]) -%}
        {%- for parent in graph.nodes.get(node, {}).get('depends_on', {}).get('nodes', []) if parent not in upstream -%}
            {%- do upstream.append(parent) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set found = run_query(
        "select min(days.first_day), coalesce(bool_or(days.lost_households), false), any_value(applied.as_of_date) "
        ~ "from build.touched_days_applied as applied left join build.touched_days as days "
        ~ "on days.sequence > applied.sequence and days.model in ('" ~ names[1:] | join("', '") ~ "') "
        ~ "where applied.model = '" ~ this.identifier ~ "' and applied.vars_hash = " ~ vars_hash()
    ).rows[0] -%}
    {{- return({'first_day': found[0], 'lost_households': found[1], 'last_as_of_date': found[2]}) -}}
{% endmacro %}

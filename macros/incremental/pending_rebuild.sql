{#- What the running model has not applied yet of the log of rebuilds, one column of it: 'rebuild_from' or
    'drops_households'. Scopes: 'events', 'members' for models that ask who was a member on a day, 'sessions', or the
    name of an entity of int_record_fingerprints; none: all of them. -#}
{% macro pending_rebuild(column, scopes) %}
    {%- set scoped = "scope in ('" ~ scopes | join("', '") ~ "')" if scopes else 'true' -%}
    {{ return(run_query(
        "select min(rebuild_from) as rebuild_from, coalesce(bool_or(drops_households), false) as drops_households "
        ~ "from build.event_rebuilds where " ~ scoped ~ " and sequence > (select coalesce(max(sequence), 0) "
        ~ "from build.event_rebuilds_applied where model = '" ~ this.identifier ~ "')"
    ).columns[column].values()[0]) }}
{% endmacro %}

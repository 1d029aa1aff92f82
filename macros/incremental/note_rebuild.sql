{#- Post-hook: notes in the log of rebuilds what the running model has changed. rebuild_from is SQL giving the earliest
    day (null: nothing), drops_households SQL saying whether rows of whole households have gone. -#}
{% macro note_rebuild(scope, rebuild_from, drops_households='false') %}
    insert into build.event_rebuilds
    select nextval('build.rebuild_sequence'), '{{ scope }}', {{ as_of_date() }}, changed.rebuild_from, changed.drops_households
    from (select {{ rebuild_from }} as rebuild_from, {{ drops_households }} as drops_households) as changed
{% endmacro %}

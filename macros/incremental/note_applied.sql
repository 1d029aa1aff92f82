{#- Post-hook: notes that the running model has applied the log of rebuilds as far as it goes. -#}
{% macro note_applied() %}
    insert into build.event_rebuilds_applied
    select '{{ this.identifier }}', coalesce(max(sequence), 0) from build.event_rebuilds
{% endmacro %}

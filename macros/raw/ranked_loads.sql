{#- Ranks the rows of one key (key_rank): by load, change at the source, the condition `preferred`, hash; the highest first.
    Only repeated keys are ranked, to avoid sorting the whole table. Where rows name their household, one key in two
    households is a collision (has_collision), no repetition. -#}
{% macro ranked_loads(source_name, table_name, key, loaded_at, own_household, preferred) %}
    {%- set keys = key | join(', ') -%}
    {%- set home = 'coalesce(household_id, max(household_id) over (partition by ' ~ keys ~ '))' if own_household else 'null' %}
    repeated as (
        select {{ keys }} from dated where not is_test_mode group by all having count(*) > 1
    ),
    homed as (
        select *, {{ home }} as home from dated semi join repeated using ({{ keys }})
    ),
    ranked as (
        select *, row_number() over (
            partition by {{ keys }}, home, is_test_mode
            order by
                {{ loaded_at }} desc nulls last,
                row_updated_at desc nulls last,
                {% if preferred %}coalesce({{ preferred }}, false) desc,{% endif %}
                {{ row_hash(source_name, table_name) }} desc
        ) as key_rank
        from homed
    )
    select *, 1 as key_rank, false as has_collision from dated anti join repeated using ({{ keys }})
    union all
    select * exclude (home), {{ has_collision(keys) if own_household else 'false' }} as has_collision from ranked
{% endmacro %}

{#- SQL condition on ranked rows: the latest rows of this key, those that are visible and not deleted, name several households. -#}
{% macro has_collision(keys) %}
    {%- set standing = 'filter (where key_rank = 1 and not is_later and not was_deleted and not is_test_mode) over (partition by ' ~ keys ~ ')' -%}
    {{- return('coalesce(min(home) ' ~ standing ~ ' <> max(home) ' ~ standing ~ ', false)') -}}
{% endmacro %}

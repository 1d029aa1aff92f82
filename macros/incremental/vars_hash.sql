{#- SQL: a hash of the vars of this build that decide rows. A model that was built with others builds all days. -#}
{% macro vars_hash() %}
    (
        select md5(cast(json_merge_patch(vars, '{"raw_data_path": null, "allow_future_as_of": null}') as varchar))
        from {{ build_relation() }}
    )
{%- endmacro %}

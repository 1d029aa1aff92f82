{#- Post-hook of fct_feature_usage: sets the household's first and last use of a feature on rows of earlier days, which the
    incremental strategy does not rewrite. Only rows whose values changed are updated. -#}
{% macro refresh_first_last_uses() %}
    update {{ this }} as uses
    set first_used_at = known.first_used_at, last_used_at = known.last_used_at
    from {{ ref('int_feature_first_last_uses') }} as known
    where
        uses.household_id = known.household_id
        and uses.feature_name = known.feature_name
        and (uses.first_used_at <> known.first_used_at or uses.last_used_at <> known.last_used_at)
{% endmacro %}

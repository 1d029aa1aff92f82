{#- The direction of a score by its change over health_trend_days: stable within health_trend_points either way. -#}
{% macro direction_of(change) %}
    case
        when {{ change }} > {{ var('health_trend_points') }} then 'improving'
        when {{ change }} < -{{ var('health_trend_points') }} then 'declining'
        when {{ change }} is not null then 'stable'
    end
{%- endmacro %}

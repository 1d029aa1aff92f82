with rules as (
    select
        'points' as rule_set,
        cast(null as varchar) as health_model,
        part,
        metric,
        rule_order,
        case when kind = 'match' then '=' else coalesce(operator, kind) end as operator,
        cast(bound as varchar) as bound,
        cast(worst as double) as worst,
        cast(ideal as double) as ideal,
        cast(points as double) as value,
        case when kind = 'match' then operator end as label,
        reason
    from {{ ref('health_points') }}
    union all
    select
        'lines', health_model, part, metric, null, 'line', null, cast(worst as double), cast(ideal as double),
        {{ safe_ratio('weight_numerator', 'weight_denominator') }}, null, reason
    from {{ ref('health_lines') }}
    union all
    select 'weights', health_model, part, null, null, null, null, null, null, cast(weight as double), null, reason
    from {{ ref('health_parts') }}
    union all
    select
        'bands', health_model, null, 'score', null, 'between', min_score || ' and ' || max_score, null, null, null, band, reason
    from {{ ref('health_bands') }}
    union all
    select
        'trend_alerts', null, null, metric, null, 'falls by more than', cast(drop_share as varchar), null, null, min_current,
        severity, reason
    from {{ ref('trend_alerts') }}
    union all
    select
        'daily_statuses', null, null, 'score or alerts', rule_order, 'score < or alerts >=',
        score_below || ' or ' || min_alerts, null, null, null, daily_status, reason
    from {{ ref('daily_statuses') }}
    union all
    select
        'profile_levels', null, dimension, metric, rule_order, operator, cast(bound as varchar), null, null, null, level,
        reason
    from {{ ref('profile_levels') }}
    union all
    select
        'behavioral_segments', null, null, 'score and nps', rule_order, 'within',
        concat_ws(', ', 'score >= ' || min_score, 'score <= ' || max_score, 'nps >= ' || min_nps, 'nps <= ' || max_nps),
        null, null, null, behavioral_segment, reason
    from {{ ref('behavioral_segments') }}
    union all
    select
        'recommended_actions', null, null, 'profile', rule_order, '=',
        concat_ws(
            ', ', usage_intensity, value_perception, collaboration_level, feature_sophistication, lifecycle_stage,
            support_dependency
        ),
        null, null, null, recommended_action, reason
    from {{ ref('recommended_actions') }}
    union all
    select 'findings', null, scope, metric, null, operator, cast(bound as varchar), null, null, null, finding, reason
    from {{ ref('health_findings') }}
)

select
    concat_ws('.', rule_set, health_model, part, metric, rule_order, label) as rule_id,
    *
from rules

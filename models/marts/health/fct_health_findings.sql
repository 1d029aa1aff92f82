with customers as (
    select * from {{ ref('int_household_score_dates') }} where is_current
),

joined_90 as (
    select household_id, count(*) as members_joined_90
    from {{ ref('stg_app__household_members') }}
    where joined_date > {{ as_of_date() }} - 90
    group by household_id
),

-- Signs of growth: more tasks, a new member, a new pet, a newly used feature.
signs as (
    select
        customers.household_id,
        activity.days_since_last_login,
        tickets.open_tickets,
        surveys.nps_score,
        features.adoption_ratio,
        settings.limit_share,
        [
            cast(value.tasks_trend > 0 as integer),
            {% if source_is_present('app', 'household_members') %}cast(coalesce(joined_90.members_joined_90, 0) > 0 as integer){% else %}null{% endif %},
            cast(care.pets_added_90 > 0 as integer),
            cast(features.features_first_used_90 > 0 as integer)
        ] as signs_of_growth
    from customers
    inner join {{ ref('int_activity_at_score_dates') }} as activity using (household_id, score_date)
    inner join {{ ref('int_features_at_score_dates') }} as features using (household_id, score_date)
    inner join {{ ref('int_tickets_at_score_dates') }} as tickets using (household_id, score_date)
    inner join {{ ref('int_surveys_at_score_dates') }} as surveys using (household_id, score_date)
    inner join {{ ref('int_care_at_score_dates') }} as care using (household_id, score_date)
    inner join {{ ref('int_settings_at_score_dates') }} as settings using (household_id, score_date)
    inner join {{ ref('int_health_value_delivery') }} as value
        on customers.household_id = value.household_id and customers.score_date = value.score_date
    left join joined_90 on customers.household_id = joined_90.household_id
),

household_metrics as (
    select
        household_id,
        unnest([
            struct_pack(metric := 'days_since_last_login', value := cast(days_since_last_login as double)),
            struct_pack(metric := 'open_tickets', value := cast(open_tickets as double)),
            struct_pack(metric := 'nps_score', value := cast(nps_score as double)),
            struct_pack(metric := 'adoption_ratio', value := adoption_ratio),
            struct_pack(metric := 'growth_share', value := list_avg(signs_of_growth)),
            struct_pack(metric := 'limit_share', value := limit_share)
        ], recursive := true)
    from signs
),

measured as (
    select household_id, 'household' as scope, 'household' as part, metric, value from household_metrics
    union all
    select household_id, 'part', part, 'score', cast(score as double)
    from {{ ref('int_part_changes') }}
    where health_model = 'graded'
    union all
    select household_id, 'part', part, 'change_28d', cast(change_28d as double)
    from {{ ref('int_part_changes') }}
    where health_model = 'graded'
)

select
    measured.household_id,
    rules.kind,
    rules.finding,
    measured.part,
    measured.value
from measured
inner join {{ ref('health_findings') }} as rules on measured.scope = rules.scope and measured.metric = rules.metric
where
    (rules.operator = '<' and measured.value < rules.bound)
    or (rules.operator = '<=' and measured.value <= rules.bound)
    or (rules.operator = '>' and measured.value > rules.bound)
    or (rules.operator = '>=' and measured.value >= rules.bound)

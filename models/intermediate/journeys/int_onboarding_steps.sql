{%- set tables = {
    'signup': ('app', 'households'), 'feature_setting': ('app', 'feature_settings'), 'pet': ('app', 'pets'),
    'member': ('app', 'household_members')
} %}

-- A step counts from the start of its program on, also where its criterion was met before.
with steps as (
    select * from {{ ref('onboarding_steps') }}
),

criteria as (
    select * from {{ ref('int_onboarding_criteria') }}
),

adoption as (
    unpivot {{ ref('int_onboarding_premium_days') }}
    on columns('.*_points')
    into name criterion_value value points
),

adopted as (
    select household_id, started_on, replace(criterion_value, '_points', '') as criterion_value, min(day) as met_on
    from adoption
    where points > 0
    group by household_id, started_on, criterion_value
),

-- What never occurs in the data, or what no table records, is unknown.
occurring as (
    select 'event' as criterion, event_type as criterion_value from {{ ref('fct_household_activity') }}
    union
    select 'engagement', template from {{ ref('int_crm_engagement') }} where engagement_type = 'meeting'
),

known as (
    select
        steps.*,
        case
            {%- for criterion, table in tables.items() %}
            when steps.criterion = '{{ criterion }}' then {{ source_is_present(table[0], table[1]) | lower }}
            {%- endfor %}
            when steps.criterion_value = 'calendar_sync_enabled' then {{ source_is_present('app', 'feature_settings') | lower }}
            when steps.criterion in ('active_members', 'feature_tier', 'premium_adoption') then {{ activity_is_known() | lower }}
            else occurring.criterion is not null
        end as is_known
    from steps
    left join occurring on steps.criterion = occurring.criterion and steps.criterion_value = occurring.criterion_value
)

select
    starts.household_id,
    starts.program,
    starts.started_on,
    known.step,
    known.step_order,
    known.is_required and known.is_known as is_required,
    known.criterion = 'signup' as is_signup,
    known.is_first_value,
    known.is_known,
    -- greatest() ignores nulls, so a step that is not done must not reach it.
    case
        when known.is_known and coalesce(adopted.met_on, criteria.met_on) is not null
            then greatest(coalesce(adopted.met_on, criteria.met_on), starts.started_on)
    end as completed_on
from {{ ref('int_onboarding_starts') }} as starts
inner join known on starts.program = known.program
left join criteria
    on
        starts.household_id = criteria.household_id
        and known.criterion = criteria.criterion
        and known.criterion_value is not distinct from criteria.criterion_value
left join adopted
    on
        starts.household_id = adopted.household_id
        and starts.started_on = adopted.started_on
        and known.criterion = 'premium_adoption'
        and known.criterion_value = adopted.criterion_value

with days as (
    select * from {{ ref('int_metric_days') }}
),

sent as (
    select
        household_id,
        survey_type,
        cast(sent_at as date) as sent_date,
        cast(responded_at as date) as responded_date
    from {{ ref('fct_survey_invitations') }}
),

-- An answer after the end of the period does not count in it.
counted as (
    select
        {%- for survey in ['NPS', 'CSAT'] %}
        count(*) filter (where sent.survey_type = '{{ survey }}') as {{ survey | lower }}_invitations,
        count(*) filter (where sent.survey_type = '{{ survey }}' and sent.responded_date <= days.end_day)
            as {{ survey | lower }}_answered,
        {%- endfor %}
        days.period_grain,
        days.period_start,
        days.period_end,
        days.start_day,
        sent.household_id
    from sent
    inner join days on sent.sent_date = days.date_day
    group by days.period_grain, days.period_start, days.period_end, days.start_day, sent.household_id
)

select
    {%- for survey in ['nps', 'csat'] %}
    counted.{{ survey }}_invitations,
    {{ count_or_unknown('counted.' ~ survey ~ '_answered', 'survey', 'response') }} as {{ survey }}_invitations_answered,
    {%- endfor %}
    counted.period_grain,
    counted.period_start,
    counted.period_end,
    counted.household_id,
    states.plan_type,
    states.region
from counted
inner join {{ ref('int_metric_household_states') }} as states
    on counted.household_id = states.household_id and counted.start_day = states.state_day

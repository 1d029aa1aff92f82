with spells as (
    select * from {{ ref('int_household_churn_spells') }}
),

households as (
    select household_id, closed_date from {{ ref('stg_app__households') }}
),

paying_periods as (
    select household_id, valid_from, valid_until, plan_type, mrr from {{ ref('int_household_plan_periods') }} where is_paying
),

paying_before as (
    select
        spells.household_id,
        spells.churn_number,
        max(least(coalesce(paying_periods.valid_until, spells.churned_at), spells.churned_at)) as paying_ended_on,
        arg_max_null(paying_periods.plan_type, paying_periods.valid_from) as plan_type,
        arg_max_null(paying_periods.mrr, paying_periods.valid_from) as mrr
    from spells
    inner join paying_periods
        on spells.household_id = paying_periods.household_id and paying_periods.valid_from < spells.churned_at
    group by spells.household_id, spells.churn_number
),

described as (
    select
        spells.*,
        paying_before.paying_ended_on,
        -- paying_ended_on is exclusive: the last paying day is the day before.
        coalesce(paying_before.paying_ended_on > spells.churned_at - {{ var('paying_lookback_days') }}, false) as was_paying,
        paying_before.plan_type,
        paying_before.mrr,
        case
            when households.closed_date = spells.churned_at then 'closed'
            when paying_before.paying_ended_on >= spells.churned_at - {{ var('lapse_window_days') }} then 'lapsed'
            -- Without events nothing is known of silence.
            when spells.last_active_date is null then 'lapsed'
            else 'dark'
        end as churn_type
    from spells
    inner join households on spells.household_id = households.household_id
    left join paying_before
        on spells.household_id = paying_before.household_id and spells.churn_number = paying_before.churn_number
)

{%- set billing_is_known = source_is_present('stripe', 'subscription_history') %}

select
    described.household_id,
    described.churn_number,
    case
        when described.churn_type = 'closed' then described.churned_at
        when described.churn_type = 'lapsed' then greatest(described.paying_ended_on, described.last_active_date)
        else described.last_active_date
    end as left_at,
    described.churned_at,
    described.churn_type,
    {% if billing_is_known -%}
    described.was_paying as was_paying_90d_before,
    case when described.was_paying then described.mrr else 0 end as mrr_lost,
    case when described.was_paying then described.plan_type else free_plan.plan_type end as plan_before,
    {%- else -%}
    cast(null as boolean) as was_paying_90d_before,
    cast(null as decimal(18, 2)) as mrr_lost,
    cast(null as varchar) as plan_before,
    {%- endif %}
    described.reactivated_at
from described
inner join {{ ref('plans') }} as free_plan on free_plan.plan_rank = 0

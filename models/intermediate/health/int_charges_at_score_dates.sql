-- depends_on: {{ ref('stg_app__households') }}
-- depends_on: {{ ref('int_billing_touched_days') }}
{{ config(meta={'households': 'stg_app__households'}) }}

with windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }}
),

charges as (
    select household_id, status, payment_date as activity_date from {{ ref('fct_payments') }}
)

select
    charges.household_id,
    windows.score_date,
    count(*) filter (where charges.status = 'failed' and windows.days_before < 30) as failed_charges_30,
    count(*) filter (where charges.status = 'failed' and windows.days_before < 90) as failed_charges_90,
    count(*) filter (where charges.status = 'succeeded') as succeeded_charges_180,
    -- What is still pending has neither succeeded nor failed.
    count(*) filter (where charges.status in ('succeeded', 'failed')) as settled_charges_180
from charges
inner join windows using (activity_date)
group by charges.household_id, windows.score_date
order by score_date

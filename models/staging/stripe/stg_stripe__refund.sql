with rates as (
    select currency, date as rate_date, rate
    from {{ ref('base_meta__fx_rates') }}
    where row_class = 'staged'
),

refunds as (
    select * from {{ ref('base_stripe__refund') }} where row_class = 'staged'
)

select
    id as refund_id,
    household_id,
    charge_id,
    {{ in_reporting_currency('refunds.amount', 'refunds.currency', 'cast(refunds.created as date)') }} as amount,
    currency,
    status,
    created as created_at,
    _fivetran_synced
from refunds

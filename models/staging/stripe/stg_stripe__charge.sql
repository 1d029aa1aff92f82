with rates as (
    select currency, date as rate_date, rate
    from {{ ref('base_meta__fx_rates') }}
    where row_class = 'staged'
),

charges as (
    select * from {{ ref('base_stripe__charge') }} where row_class = 'staged'
)

select
    id as charge_id,
    household_id,
    customer_id,
    invoice_id,
    {{ in_reporting_currency('charges.amount', 'charges.currency', 'cast(charges.created as date)') }} as amount,
    currency,
    status,
    failure_code,
    created as created_at,
    _fivetran_synced
from charges

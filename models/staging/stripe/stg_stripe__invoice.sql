with rates as (
    select currency, date as rate_date, rate
    from {{ ref('base_meta__fx_rates') }}
    where row_class = 'staged'
),

invoices as (
    select * from {{ ref('base_stripe__invoice') }} where row_class = 'staged'
)

select
    id as invoice_id,
    household_id,
    customer_id,
    subscription_id,
    status,
    currency,
    {%- for amount in ['amount_due', 'amount_paid'] %}
    {{ in_reporting_currency('invoices.' ~ amount, 'invoices.currency', 'cast(invoices.created as date)') }} as {{ amount }},
    {%- endfor %}
    attempt_count,
    created as created_at,
    period_start,
    period_end,
    _fivetran_synced
from invoices

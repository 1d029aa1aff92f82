with versions as (
    select * from {{ ref('int_subscription_versions') }}
),

items as (
    select * from {{ ref('stg_stripe__subscription_item') }}
),

prices as (
    select * from {{ ref('int_prices') }}
),

rates as (
    select currency, rate_date, rate from {{ ref('stg_meta__fx_rates') }}
),

-- A version with a price of its own counts that alone.
lines as (
    select
        subscription_id, version_number, valid_from as version_from, valid_from as line_from, price_id, quantity,
        subscription_id as line_id, false as is_item
    from versions
    where price_id is not null
    union all
    select
        versions.subscription_id,
        versions.version_number,
        versions.valid_from,
        items.item_from,
        items.price_id,
        items.quantity,
        items.subscription_item_id,
        true
    from versions
    inner join items
        on versions.subscription_id = items.subscription_id and items.item_from < {{ open_end('versions.valid_until') }}
    where versions.price_id is null
),

priced as (
    select
        lines.* exclude (version_from, price_id, quantity),
        prices.* exclude (mrr_unknown_reason),
        coalesce(lines.quantity, case when prices.mrr_unknown_reason is distinct from 'metered_price' then 1 end) as quantity,
        {{ exchange_rate('prices.currency', 'lines.version_from') }} as rate,
        case when prices.price_id is null then 'no_price' else prices.mrr_unknown_reason end as price_unknown_reason
    from lines
    left join prices on lines.price_id = prices.price_id
),

billed as (
    select
        *,
        cast(
            case
                when transform_quantity_divide_by is null then quantity
                when transform_quantity_round = 'down' then floor(quantity / transform_quantity_divide_by)
                else ceil(quantity / transform_quantity_divide_by)
            end as bigint
        ) as billed_quantity,
        case
            when price_unknown_reason is not null then price_unknown_reason
            when not is_free and rate is null then 'no_exchange_rate'
        end as mrr_unknown_reason
    from priced
)

select
    * exclude (price_unknown_reason),
    case
        when mrr_unknown_reason is not null then null
        when is_free then 0
        else
            cast(
                unit_amount * billed_quantity * months_numerator / (months_denominator * billing_interval_count) * rate
                as decimal(18, 6)
            )
    end as monthly_value
from billed

with counted as (
    select
        count(*) filter (where quarantine_reason is null and not is_duplicate) as staged_value,
        count(*) filter (where quarantine_reason <> 'erased_household') as quarantined,
        count(*) filter (where quarantine_reason = 'erased_household') as erased,
        count(*) filter (where is_duplicate) as duplicates
    from {{ ref('base_product__events') }}
),

raw_rows as (
    select
        count(*) as raw_value,
        count(*) filter (where received_at >= {{ as_of_end() }}) as after_as_of_date
    from (
        select {{ typed_columns('product', 'events') }} from {{ source_or_empty('product', 'events') }} as source_row
    )
)

select
    'product' as source,
    'events' as entity,
    'rows' as measure,
    raw_rows.raw_value,
    counted.staged_value,
    counted.quarantined,
    counted.erased,
    counted.duplicates,
    raw_rows.after_as_of_date
from counted
cross join raw_rows

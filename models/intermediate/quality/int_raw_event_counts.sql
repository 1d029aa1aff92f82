with counted as (
    select
        count(*) filter (where row_class = 'staged') as staged_value,
        {{ class_counts() }}
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
    counted.* exclude (staged_value),
    raw_rows.after_as_of_date
from counted
cross join raw_rows

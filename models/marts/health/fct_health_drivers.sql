with parts as (
    select * from {{ ref('int_part_changes') }} where health_model = '{{ var("primary_health_model") }}'
),

weighted as (
    select
        *,
        weight / sum(case when score is not null then weight end) over (partition by household_id) as effective_weight
    from parts
)

select
    household_id,
    health_model,
    part,
    cast(weight as decimal(4, 3)) as weight,
    score,
    cast(weight * (100 - score) as decimal(9, 6)) as points_lost,
    change_28d,
    -- The contribution of the part to the change of the score; the weight of a null part is redistributed to the other parts.
    cast(case when score is not null then effective_weight * change_28d end as decimal(9, 6)) as points_moved,
    row_number() over (partition by household_id order by weight * (100 - score) desc nulls last, part) as driver_rank
from weighted

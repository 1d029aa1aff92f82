-- A household with several open opportunities counts its value once: on the row of the highest, of equal ones on the first type.
with open_opportunities as (
    select opportunities.*, types.rule_order
    from {{ ref('expansion_opportunities') }} as opportunities
    inner join {{ ref('opportunity_types') }} as types on opportunities.opportunity_type = types.opportunity_type
    where opportunities.status = 'open'
),

ranked as (
    select
        *,
        row_number() over (partition by customer_id order by estimated_value desc nulls last, rule_order) as value_rank
    from open_opportunities
)

select
    owner_id,
    opportunity_type,
    timing,
    count(*) as open_opportunities,
    count(distinct customer_id) as households,
    -- What is counted on another row is 0 here; null: unknown for all of them.
    sum(case when value_rank = 1 then estimated_value when estimated_value is not null then 0 end) as value,
    count(*) filter (where estimated_value is null) as unknown_value
from ranked
group by owner_id, opportunity_type, timing

-- Opening MRR plus movements equals closing MRR; at most one movement per household and month, and none is negative. Where MRR
-- is unknown at either end, so are all movements.
select *
from {{ ref('fct_mrr_movements') }}
where
    case
        when mrr_opening is null or mrr_closing is null
            then coalesce("new", expansion, contraction, churned, reactivation) is not null
        else
            mrr_opening + "new" + expansion + reactivation - contraction - churned is distinct from mrr_closing
            or least(mrr_opening, "new", expansion, contraction, churned, reactivation, mrr_closing) < 0
            or cast("new" > 0 as int) + cast(expansion > 0 as int) + cast(contraction > 0 as int)
            + cast(churned > 0 as int) + cast(reactivation > 0 as int) > 1
            or greatest(mrr_opening, mrr_closing) = 0
    end

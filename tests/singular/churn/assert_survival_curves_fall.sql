-- Survival shares are between 0 and 1, never increase, and lie within their interval.
select *
from (
    select *, lag(survival, 1, 1) over (partition by plan_type order by day) as survival_before
    from {{ ref('ml_survival_curves') }}
) as curves
where
    coalesce(survival between 0 and survival_before, false) is false
    or survival not between coalesce(ci_low, 0) and coalesce(ci_high, 1)

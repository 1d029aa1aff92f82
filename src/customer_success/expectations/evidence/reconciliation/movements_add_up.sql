-- The sum of all households by month, and each row that does not add up; unknown prices are left out.
with known as (
    select *
    from analytics.fct_mrr_movements
    where mrr_opening + "new" + expansion + contraction + churned + reactivation + mrr_closing is not null
)

select
    strftime(month_start, '%Y-%m') as item,
    sum(mrr_opening) as mrr_opening,
    sum("new") as "new",
    sum(expansion) as expansion,
    sum(contraction) as contraction,
    sum(churned) as churned,
    sum(reactivation) as reactivation,
    sum(mrr_closing) as mrr_closing
from known
group by month_start
union all
select
    strftime(month_start, '%Y-%m') || ' ' || household_id,
    mrr_opening,
    "new",
    expansion,
    contraction,
    churned,
    reactivation,
    mrr_closing
from known
where
    mrr_opening + "new" + expansion - contraction - churned + reactivation <> mrr_closing
    or least(mrr_opening, "new", expansion, contraction, churned, reactivation, mrr_closing) < 0

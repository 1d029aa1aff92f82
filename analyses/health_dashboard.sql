-- Question: how healthy are the customers of each plan, and how much MRR does each segment have?
-- Grain: health segment × plan, customers at as_of_date. Customers without a score form the segment 'unknown'.
-- Decisions: 8 (no score is not a score of 0), 9 and 42 (bands use the rounded score, in the health models).
with customers as (
    select household_id, plan_type, health_segment, health_score, churn_probability, mrr
    from {{ ref('dim_households') }}
    where is_active
),

labelled as (
    select
        * replace (
            coalesce(health_segment, 'unknown') as health_segment,
            coalesce(plan_type, 'unknown') as plan_type
        )
    from customers
),

plan_totals as (
    select plan_type, count(*) as plan_customers from labelled group by plan_type
),

final as (
    select
        labelled.health_segment,
        labelled.plan_type,
        count(*) as customers,
        plan_totals.plan_customers,
        {{ safe_ratio('count(*)', 'plan_totals.plan_customers') }} as customers_rate,
        avg(labelled.health_score) as mean_health_score,
        count(*) - count(labelled.health_score) as health_score_unknown,
        avg(labelled.churn_probability) as mean_churn_probability,
        count(*) - count(labelled.churn_probability) as churn_probability_unknown,
        sum(labelled.mrr) as mrr,
        count(*) - count(labelled.mrr) as mrr_unknown
    from labelled
    inner join plan_totals on labelled.plan_type = plan_totals.plan_type
    group by labelled.health_segment, labelled.plan_type, plan_totals.plan_customers
)

select * from final
order by plan_type asc, customers desc, health_segment asc

"""Reconciliation across sources: money, households, tickets and answers add up on both sides."""

from ..check import Check, Suite

DISCREPANCIES = """
select source || '.' || entity || ' ' || measure as item, discrepancy as observed, 0 as expected
from analytics.fct_source_reconciliation
"""

# Charges that succeeded, less what was given back of them, in the month of the charge.
REVENUE = """
with returned as (
    select charge_id, sum(amount) as amount from staging.stg_stripe__refund where status = 'succeeded' group by 1
),
there as (
    select strftime(c.created_at, '%Y-%m') as month, sum(c.amount - coalesce(r.amount, 0)) as revenue
    from staging.stg_stripe__charge as c left join returned as r using (charge_id)
    where c.status = 'succeeded' group by 1
),
here as (
    select strftime(payment_date, '%Y-%m') as month, sum(net_amount) as revenue from analytics.fct_payments
    group by 1 having count(*) filter (where status = 'succeeded') > 0
)
select month as item, here.revenue as observed, there.revenue as expected from here full join there using (month)
"""

COUNTS = """
with here as (
    select 'tickets ' || strftime(created_at, '%Y-%m') as item, count(*) as rows from analytics.fct_support_tickets
    group by 1
    union all
    select 'CSAT answers ' || strftime(responded_at, '%Y-%m'), count(*) from analytics.fct_csat_responses group by 1
    union all
    select 'events ' || strftime(event_date, '%Y-%m'), count(*) from analytics.fct_events group by 1
),
there as (
    select 'tickets ' || strftime(created_at, '%Y-%m') as item, count(*) as rows from staging.stg_zendesk__ticket
    group by 1
    union all
    select 'CSAT answers ' || strftime(responded_at, '%Y-%m'), count(*) from staging.stg_survey__response
    where survey_type = 'CSAT' group by 1
    union all
    select 'events ' || strftime(event_at, '%Y-%m'), count(*) from staging.stg_product__events
    group by 1
)
select item, here.rows as observed, there.rows as expected from here full join there using (item)
"""

# The plan of who has a subscription in force; the highest where there are several.
PLANS = """
with there as (
    select s.household_id, max(case product_name when 'Enterprise' then 2 when 'Premium' then 1 end) as plan
    from subscription_days as s
    left join staging.stg_stripe__price using (price_id) left join staging.stg_stripe__product using (product_id)
    where s.valid_from <= as_of() and s.valid_until > as_of() and s.status in ('active', 'trialing', 'past_due')
    group by 1
),
households as (
    select h.household_id, d.plan_type, case when h.closed_date <= as_of() then 0 else coalesce(t.plan, 0) end as plan
    from staging.stg_app__households as h
    left join there as t using (household_id) left join analytics.dim_households as d using (household_id)
    where exists (select 1 from staging.stg_stripe__subscription_history)
)
select ['Free', 'Premium', 'Enterprise'][plan + 1] || ' in Stripe' as item,
    count(*) filter (where plan_type = ['Free', 'Premium', 'Enterprise'][plan + 1]) as observed,
    count(*) as expected
from households group by plan
"""

MRR = """
with monthly as (
    select s.household_id, s.valid_from, s.valid_until, h.closed_date, s.status,
        p.unit_amount * s.quantity / p.billing_interval_count
            * case p.billing_interval when 'month' then 1.0 when 'year' then 1.0 / 12 when 'week' then 52.0 / 12
                when 'day' then 365.0 / 12 end as mrr
    from subscription_days as s
    inner join staging.stg_app__households as h using (household_id)
    left join staging.stg_stripe__price as p using (price_id)
    where s.status in ('active', 'past_due')
),
ends as (
    select month_start, least(last_day(month_start), as_of()) as month_end
    from (select distinct date_trunc('month', month_start) as month_start from analytics.fct_mrr_movements)
),
there as (
    select e.month_start, m.household_id, round(sum(m.mrr), 2) as mrr
    from ends as e inner join monthly as m on m.valid_from <= e.month_end and m.valid_until > e.month_end
        and coalesce(m.closed_date, date '9999-12-31') > e.month_end
    group by all
),
there_by_month as (select month_start, sum(mrr) as mrr from there group by 1),
here as (select month_start, sum(mrr_closing) as mrr from analytics.fct_mrr_movements group by 1)
select strftime(month_start, '%Y-%m') as item, here.mrr as observed, coalesce(there_by_month.mrr, 0) as expected
from here left join there_by_month using (month_start)
"""

# All months in sum, and each household's row that does not add up.
MOVEMENTS = """
select strftime(month_start, '%Y-%m') as item, sum(mrr_opening) as mrr_opening, sum("new") as "new",
    sum(expansion) as expansion, sum(contraction) as contraction, sum(churned) as churned,
    sum(reactivation) as reactivation, sum(mrr_closing) as mrr_closing
from analytics.fct_mrr_movements group by month_start
union all
select strftime(month_start, '%Y-%m') || ' ' || household_id, mrr_opening, "new", expansion, contraction, churned,
    reactivation, mrr_closing
from analytics.fct_mrr_movements
where mrr_opening + "new" + expansion - contraction - churned + reactivation <> mrr_closing
    or least(mrr_opening, "new", expansion, contraction, churned, reactivation, mrr_closing) < 0
"""

LOOSE_ENDS = """
select 'desk organisations without household' as item, count(*) as observed
from quarantine.quarantine_zendesk where table_name = 'organization' and reason = 'unknown_household'
union all
select 'share of answers without invitation',
    count(*) filter (where r.invitation_id is null or i.invitation_id is null) / count(*)
from staging.stg_survey__response as r left join staging.stg_survey__invitation as i using (invitation_id)
having count(*) > 0
"""

SUITE = Suite(
    "reconciliation",
    (
        Check(
            "nothing_is_lost_between_raw_and_marts",
            "analytics.fct_source_reconciliation",
            "agree",
            "Of every raw table, rows and sums are in staging, in quarantine, erased, repeated or later",
            "raw files counted by the build",
            DISCREPANCIES,
        ),
        Check(
            "revenue_is_what_stripe_settled",
            "analytics.fct_payments",
            "agree",
            "Net amounts by month = charges that succeeded less refunds that succeeded; invoices are no revenue",
            "staging.stg_stripe__charge and stg_stripe__refund",
            REVENUE,
            tolerance=1e-4,
        ),
        Check(
            "tickets_answers_and_events_are_counted_once",
            "analytics",
            "agree",
            "As many tickets, answers and events by month as desk, survey tool and app have",
            "staging.stg_zendesk__ticket, stg_survey__response, stg_product__events",
            COUNTS,
        ),
        Check(
            "plans_are_those_of_stripe",
            "analytics.dim_households",
            "agree",
            "Each household has the highest plan it has a subscription in force for; without one, Free",
            "staging.stg_stripe__subscription_history at the end of the last day",
            PLANS,
        ),
        Check(
            "mrr_is_what_the_subscriptions_cost",
            "analytics.fct_mrr_movements",
            "agree",
            "Closing MRR of each month = monthly price × quantity of all paid subscriptions, trials left out",
            "staging.stg_stripe__subscription_history and stg_stripe__price at the end of each month",
            MRR,
            tolerance=0.01,
        ),
        Check(
            "movements_add_up",
            "analytics.fct_mrr_movements",
            "movement",
            "Opening + new + expansion − contraction − churned + reactivation = closing, and nothing below zero",
            "the rows themselves",
            MOVEMENTS,
        ),
        Check(
            "few_loose_ends_between_sources",
            "quarantine.quarantine_zendesk",
            "between",
            "No organisation of the desk without household, at most a tenth of the answers without invitation",
            "quarantine, staging.stg_survey__response and stg_survey__invitation",
            LOOSE_ENDS,
            bounds=(0, 0.1),
            warns=True,
        ),
    ),
)

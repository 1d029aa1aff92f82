-- Question: which known issues cost the most tickets, and are they growing?
-- Grain: known issue of the support desk, the 90 days that end on as_of_date; tickets without one are the last
-- row, 'none named'. Shares refer to all tickets of the window.
-- Decisions: 24 (tickets and answers from their own tables), 14 (no trend against a window without tickets).
{%- set days = 90 %}

with tickets as (
    select *, {{ as_of_date() }} - cast(created_at as date) as days_ago
    from {{ ref('fct_support_tickets') }}
    where not is_merged
),

households as (
    select household_id, mrr from {{ ref('dim_households') }}
),

windowed as (
    select
        *,
        coalesce(issue_key, 'none named') as issue,
        days_ago < {{ days }} as is_recent
    from tickets
    where days_ago < {{ 2 * days }}
),

-- The MRR of a household with several tickets of one issue counts once.
money as (
    select affected.issue, sum(households.mrr) as mrr_affected
    from (select distinct issue, household_id from windowed where is_recent) as affected
    inner join households on affected.household_id = households.household_id
    group by affected.issue
),

counted as (
    select
        issue,
        mode(category) as main_category,
        count(*) filter (where is_recent) as tickets,
        count(*) filter (where not is_recent) as tickets_before,
        count(distinct household_id) filter (where is_recent) as households,
        count(*) filter (where is_recent and resolved_at is null) as unresolved,
        count(*) filter (where is_recent and reopen_count > 0) as reopened,
        count(*) filter (where is_recent and is_escalated) as escalated,
        avg(resolution_hours) filter (where is_recent) as resolution_hours,
        avg(csat_score) filter (where is_recent) as mean_csat,
        count(csat_score) filter (where is_recent) as csat_answers
    from windowed
    group by issue
),

final as (
    select
        counted.*,
        sum(counted.tickets) over () as all_tickets,
        {{ safe_ratio('counted.tickets', 'sum(counted.tickets) over ()') }} as tickets_rate,
        {{ safe_ratio('counted.tickets - counted.tickets_before', 'counted.tickets_before') }} as tickets_change,
        money.mrr_affected
    from counted
    left join money on counted.issue = money.issue
    where counted.tickets > 0
)

select * from final
order by issue = 'none named' asc, tickets desc, issue asc

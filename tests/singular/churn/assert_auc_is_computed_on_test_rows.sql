-- Recomputes the baseline AUC (days since the last activity) on the reported test snapshots. An AUC of other rows, such as
-- training rows, would differ. Test snapshots must not overlap the training snapshots.
with runs as (
    select model_run_id, train_to, test_from, test_to
    from {{ ref('ml_model_runs') }}
    where is_current and test_from is not null
),

reported as (
    select model_run_id, value, n
    from {{ ref('ml_model_metrics') }}
    where model = 'days_since_last_activity' and split = 'test' and population = 'all' and metric = 'roc_auc'
),

test_rows as (
    select
        runs.model_run_id,
        snapshots.churned_next_30d,
        rank() over (partition by runs.model_run_id order by snapshots.days_since_last_activity)
        + (count(*) over (partition by runs.model_run_id, snapshots.days_since_last_activity) - 1) / 2.0 as mean_rank
    from runs
    inner join {{ ref('int_churn_snapshots') }} as snapshots
        on snapshots.snapshot_date between runs.test_from and runs.test_to
),

sums as (
    select
        model_run_id,
        count(*) as n,
        count(*) filter (where churned_next_30d) as positives,
        sum(mean_rank) filter (where churned_next_30d) as ranks
    from test_rows
    group by model_run_id
),

recomputed as (
    select *, {{ safe_ratio('ranks - positives * (positives + 1) / 2.0', 'positives * (n - positives)') }} as auc
    from sums
)

-- The baseline reports 0.5 if activity points in the other direction in training.
select reported.*, recomputed.n as test_rows, recomputed.auc, runs.train_to, runs.test_from
from reported
inner join runs on reported.model_run_id = runs.model_run_id
left join recomputed on reported.model_run_id = recomputed.model_run_id
where
    reported.n is distinct from recomputed.n
    or (reported.value <> 0.5 and abs(reported.value - recomputed.auc) > 1e-9)
    or runs.train_to + {{ var('churn_horizon_days') + var('churn_inactivity_days') }} > runs.test_from

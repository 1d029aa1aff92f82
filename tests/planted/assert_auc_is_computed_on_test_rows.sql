-- An AUC that was computed on training rows.
update analytics.ml_model_runs
set test_from = (select min(snapshot_date) from intermediate.int_churn_snapshots),
    test_to = (select max(snapshot_date) from intermediate.int_churn_snapshots)
where is_current;
insert into analytics.ml_model_metrics by name
select
    model_run_id, 'days_since_last_activity' as model, 'test' as split, 'all' as population, 'roc_auc' as metric,
    0.999 as value, (select count(*) from intermediate.int_churn_snapshots) as n
from analytics.ml_model_runs
where is_current;

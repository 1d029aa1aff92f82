-- A snapshot column that leaks the outcome.
alter table intermediate.int_churn_snapshots add column goodwill integer;

-- The outcome under another name.
alter table intermediate.int_churn_snapshots add column goodwill integer;

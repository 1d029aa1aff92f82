{{ config(materialized='table') }}

-- An equi-join on the day finds its windows; DuckDB runs it much faster than a range join.
select
    score_date,
    score_date - days_before as activity_date,
    days_before
from (
    select score_date, cast(unnest(range(180)) as integer) as days_before from {{ ref('int_score_dates') }}
) as days

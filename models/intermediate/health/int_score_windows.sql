{{ config(materialized='table') }}

-- An equi-join on the day finds the windows it lies in, which DuckDB does far faster than comparing ranges.
select
    score_date,
    score_date - days_before as activity_date,
    days_before
from (
    select score_date, cast(unnest(range(180)) as integer) as days_before from {{ ref('int_score_dates') }}
) as days

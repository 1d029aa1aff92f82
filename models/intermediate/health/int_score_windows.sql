{{ config(materialized='table', post_hook=[]) }}

-- An equi-join on the day finds the windows it lies in, which DuckDB does far faster than comparing ranges.
select
    score_date,
    score_date - cast(days_before as integer) as activity_date,
    cast(days_before as integer) as days_before
from {{ ref('int_score_dates') }}
cross join range(180) as window_days (days_before)

-- The score dates of the published history: its Sundays, and as_of_date.
select score_date
from {{ ref('int_score_dates') }}
where score_date > {{ history_start('published') }} or is_current

-- The score dates of the published history: its Sundays, and as_of_date.
select score_date, score_date = {{ first_score_date() }} as is_first_of_history
from {{ ref('int_score_dates') }}
where score_date > {{ history_start('published') }} or is_current

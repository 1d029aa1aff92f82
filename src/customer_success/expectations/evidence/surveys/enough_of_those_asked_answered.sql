with answers as (
    select distinct invitation_id
    from staging.stg_survey__response
    where invitation_id is not null
)

select
    i.survey_type as item,
    count(a.invitation_id) / count(*) as observed
from staging.stg_survey__invitation as i
left join answers as a using (invitation_id)
where i.sent_at >= as_of() - int_var('trailing_days') + 1
group by i.survey_type

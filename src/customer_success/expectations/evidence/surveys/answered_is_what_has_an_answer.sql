with answers as (
    select distinct invitation_id
    from staging.stg_survey__response
    where invitation_id is not null
),

there as (
    select
        i.survey_type || ' ' || strftime(i.sent_at, '%Y-%m') as month,
        count(*) as sent,
        count(a.invitation_id) as answered
    from staging.stg_survey__invitation as i
    left join answers as a using (invitation_id)
    group by 1
),

here as (
    select
        survey_type || ' ' || strftime(sent_at, '%Y-%m') as month,
        count(*) as sent,
        count(*) filter (where is_responded) as answered
    from analytics.fct_survey_invitations
    group by 1
)

select
    month || ' sent' as item,
    here.sent as observed,
    there.sent as expected
from here
full join there using (month)
union all
select month || ' answered', here.answered, there.answered
from here
full join there using (month)

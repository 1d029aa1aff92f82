-- The last scored NPS answer of each household in a period, and all its CSAT answers.
create table recount.answers as
with given as (
    select
        period_days.period,
        households.home,
        response.survey_type,
        response.score,
        row_number() over (
            partition by period_days.period, households.home, response.survey_type
            order by response.score is not null desc, response.responded_at desc, response.id desc
        ) as place
    from raw_kept.survey__response as response
    inner join recount.households
        on response.household_id = households.household_id
    inner join recount.period_days
        on cast(response.responded_at as date) = period_days.day
    where response.survey_type in ('NPS', 'CSAT')
)

select
    period,
    home,
    count(*) filter (where survey_type = 'NPS' and place = 1 and score is not null) as respondents,
    count(*) filter (where survey_type = 'NPS' and place = 1 and score >= 9) as promoters,
    count(*) filter (where survey_type = 'NPS' and place = 1 and score <= 6) as detractors,
    count(*) filter (where survey_type = 'NPS' and place = 1 and score is null) as unscored,
    count(*) filter (where survey_type = 'CSAT' and score is not null) as csat_answers,
    coalesce(sum(cast(score as bigint)) filter (where survey_type = 'CSAT'), 0) as csat_points,
    count(*) filter (where survey_type = 'CSAT' and score is null) as csat_unscored
from given
group by 1, 2;

-- Invitations sent in a period, and those of them that were answered by its end.
create table recount.invitations as
with answered as (
    select invitation_id, cast(min(responded_at) as date) as day
    from raw_kept.survey__response
    where invitation_id is not null
    group by 1
)

select
    periods.period,
    households.home,
    count(*) filter (where invitation.survey_type = 'NPS') as nps_sent,
    count(*) filter (where invitation.survey_type = 'NPS' and answered.day <= periods.end_day) as nps_answered,
    count(*) filter (where invitation.survey_type = 'CSAT') as csat_sent,
    count(*) filter (where invitation.survey_type = 'CSAT' and answered.day <= periods.end_day) as csat_answered
from raw_kept.survey__invitation as invitation
inner join recount.households
    on invitation.household_id = households.household_id
inner join recount.period_days
    on cast(invitation.sent_at as date) = period_days.day
inner join recount.periods
    on period_days.period = periods.period
left join answered
    on invitation.id = answered.invitation_id
where invitation.survey_type in ('NPS', 'CSAT')
group by 1, 2;

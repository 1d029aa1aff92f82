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
),

-- In a band or not: an answer that lay in two would still be one respondent.
placed as (
    select
        *,
        survey_type = 'NPS' and place = 1 as is_voice,
        exists (from recount.nps_categories where score between min_score and max_score) as is_scored,
        exists (
            from recount.nps_categories where category = 'Promoter' and score between min_score and max_score
        ) as is_promoter,
        exists (
            from recount.nps_categories where category = 'Detractor' and score between min_score and max_score
        ) as is_detractor
    from given
)

select
    period,
    home,
    count(*) filter (where is_voice and is_scored) as respondents,
    count(*) filter (where is_voice and is_promoter) as promoters,
    count(*) filter (where is_voice and is_detractor) as detractors,
    count(*) filter (where is_voice and not is_scored) as unscored,
    count(*) filter (where survey_type = 'CSAT' and score is not null) as csat_answers,
    coalesce(sum(cast(score as bigint)) filter (where survey_type = 'CSAT'), 0) as csat_points,
    count(*) filter (where survey_type = 'CSAT' and score is null) as csat_unscored
from placed
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

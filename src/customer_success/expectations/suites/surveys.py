"""Surveys: who was asked, who answered, and whether that is enough to say anything."""

from ..check import Check, Suite

LEAST_RATE, LEAST_SAMPLE = 0.10, 30
PATH = "staging.stg_survey__invitation and answers to them in staging.stg_survey__response"

ANSWERED = """
with answers as (select distinct invitation_id from staging.stg_survey__response where invitation_id is not null),
there as (
    select i.survey_type, strftime(i.sent_at, '%Y-%m') as month, count(*) as sent, count(a.invitation_id) as answered
    from staging.stg_survey__invitation as i left join answers as a using (invitation_id) group by all
),
here as (
    select survey_type, strftime(sent_at, '%Y-%m') as month, count(*) as sent,
        count(*) filter (where is_responded) as answered
    from analytics.fct_survey_invitations group by all
)
select survey_type || ' ' || month || ' sent' as item, here.sent as observed, there.sent as expected
from here full join there using (survey_type, month)
union all
select survey_type || ' ' || month || ' answered', here.answered, there.answered
from here full join there using (survey_type, month)
"""

RATES = """
with answers as (select distinct invitation_id from staging.stg_survey__response where invitation_id is not null)
select i.survey_type as item, count(a.invitation_id) / count(*) as observed
from staging.stg_survey__invitation as i left join answers as a using (invitation_id)
where i.sent_at >= as_of() - 89 group by 1
"""

SAMPLES = """
select survey_type as item, count(distinct household_id) as observed
from staging.stg_survey__response
where responded_at >= as_of() - 89 and score is not null and survey_type in ('NPS', 'CSAT') group by 1
"""

SMALL = """
with there as (
    select p.period_grain, p.period_start, count(distinct a.household_id) as households
    from analytics.published_metrics as p
    left join staging.stg_survey__response as a
        on a.responded_at >= p.period_start and a.responded_at < p.period_end + interval 1 day
            and a.survey_type = 'NPS' and a.score is not null
    where p.metric = 'nps' and p.segment_type = 'all'
    group by all
)
select period_grain || ' ' || period_start as item, households as observed from there
"""

SUITE = Suite(
    "surveys",
    (
        Check(
            "answered_is_what_has_an_answer",
            "analytics.fct_survey_invitations",
            "agree",
            "Invitations sent and answered, by survey and month, are those of the survey tool",
            PATH,
            ANSWERED,
        ),
        Check(
            "enough_of_those_asked_answered",
            "staging.stg_survey__invitation",
            "between",
            f"At least {LEAST_RATE:.0%} of the invitations of the last 90 days were answered",
            PATH,
            RATES,
            bounds=(LEAST_RATE, 1),
            warns=True,
        ),
        Check(
            "enough_households_answered",
            "staging.stg_survey__response",
            "between",
            f"At least {LEAST_SAMPLE} households answered in the last 90 days",
            "staging.stg_survey__response",
            SAMPLES,
            bounds=(LEAST_SAMPLE, None),
            warns=True,
        ),
        Check(
            "published_nps_has_its_sample",
            "analytics.published_metrics",
            "between",
            f"No NPS of fewer than {LEAST_SAMPLE} households is published",
            "households that answered in the period, in staging.stg_survey__response",
            SMALL,
            bounds=(LEAST_SAMPLE, None),
            needs=("analytics.published_metrics",),
        ),
    ),
)

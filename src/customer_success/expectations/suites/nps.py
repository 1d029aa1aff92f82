"""NPS from the answers themselves: 9–10 promote, 7–8 are passive, 0–6 detract; the last answer counts."""

from ..check import Check, Suite

ANSWERS = "staging.stg_survey__response"

COUNTS = """
with here as (
    select date_trunc('month', survey_date) as month, count(*) as answers, sum(nps_score) as points,
        count(*) - count(nps_score) as unknown
    from analytics.fct_nps_surveys group by 1
),
there as (
    select date_trunc('month', responded_at) as month, count(*) as answers, sum(score) as points,
        count(*) - count(score) as unknown
    from staging.stg_survey__response where survey_type = 'NPS' group by 1
),
both_sides as (
    select strftime(month, '%Y-%m') as month, here.answers as a, there.answers as b, here.points as c,
        there.points as d, here.unknown as e, there.unknown as f
    from here full join there using (month)
)
select month || ' answers' as item, a as observed, b as expected from both_sides
union all select month || ' points', c, d from both_sides
union all select month || ' unknown', e, f from both_sides
"""

CATEGORIES = """
with here as (
    select response_id, nps_category as category from analytics.fct_nps_surveys
),
there as (
    select response_id,
        case when score >= 9 then 'Promoter' when score >= 7 then 'Passive' when score >= 0 then 'Detractor' end
            as category
    from staging.stg_survey__response where survey_type = 'NPS'
)
select coalesce(there.category, 'no score') || ' in the survey tool, ' || coalesce(here.category, 'none')
        || ' in the mart' as item,
    count(*) filter (where here.category is not distinct from there.category) as observed,
    count(*) as expected
from here full join there using (response_id)
group by all
"""

# A household speaks once in a period, with its last answer that has a score.
SCORE = """
with periods as (
    select distinct date_trunc('month', responded_at) as month from staging.stg_survey__response
    where survey_type = 'NPS'
),
last_answers as (
    select date_trunc('month', responded_at) as month, household_id, max_by(score, (responded_at, response_id))
        as score
    from staging.stg_survey__response where survey_type = 'NPS' and score is not null group by all
),
there as (
    select month, 100.0 * sum(case when score >= 9 then 1 when score <= 6 then -1 else 0 end) / count(*) as nps
    from last_answers group by month
),
last_categories as (
    select date_trunc('month', survey_date) as month, household_id,
        max_by(nps_category, (responded_at, response_id)) as category
    from analytics.fct_nps_surveys where nps_category is not null group by all
),
here as (
    select month, 100.0 * (count(*) filter (where category = 'Promoter')
        - count(*) filter (where category = 'Detractor')) / count(*) as nps
    from last_categories group by month
)
select strftime(month, '%Y-%m') as item, here.nps as observed, there.nps as expected
from periods left join here using (month) left join there using (month)
"""

PUBLISHED = """
with last_answers as (
    select p.period_grain, p.period_start, a.household_id, max_by(a.score, (a.responded_at, a.response_id)) as score
    from analytics.published_metrics as p
    inner join staging.stg_survey__response as a
        on a.responded_at >= p.period_start and a.responded_at < p.period_end + interval 1 day
    where p.metric = 'nps' and p.segment_type = 'all' and a.survey_type = 'NPS' and a.score is not null
    group by all
),
there as (
    select period_grain, period_start,
        100.0 * sum(case when score >= 9 then 1 when score <= 6 then -1 else 0 end) / count(*) as nps
    from last_answers group by all
)
select p.period_grain || ' ' || p.period_start as item, p.value as observed, there.nps as expected
from analytics.published_metrics as p
left join there using (period_grain, period_start)
where p.metric = 'nps' and p.segment_type = 'all'
"""

SUITE = Suite(
    "nps",
    (
        Check(
            "each_answer_is_there_with_its_score",
            "analytics.fct_nps_surveys",
            "agree",
            "Answers, their points and answers without a score, month by month, are those of the survey tool",
            f"counted per month in {ANSWERS}",
            COUNTS,
        ),
        Check(
            "categories_follow_the_scores",
            "analytics.fct_nps_surveys",
            "agree",
            "9 and 10 are promoters, 7 and 8 passives, 0 to 6 detractors; who gave no score is none of them",
            f"category of each answer from its score in {ANSWERS}",
            CATEGORIES,
        ),
        Check(
            "score_follows_the_formula",
            "analytics.fct_nps_surveys",
            "agree",
            "NPS = 100 × (promoters − detractors) / responding households, each with its last answer of the month",
            f"last answer per household and month in {ANSWERS}",
            SCORE,
            tolerance=1e-9,
        ),
        Check(
            "published_nps_follows_the_formula",
            "analytics.published_metrics",
            "agree",
            "Each published NPS of all households is what the answers of its period give",
            f"last answer per household and published period in {ANSWERS}",
            PUBLISHED,
            tolerance=1e-6,
            needs=("analytics.published_metrics",),
        ),
    ),
)

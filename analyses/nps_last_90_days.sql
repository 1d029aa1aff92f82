-- Question: would customers recommend the product, and may the value be shown?
-- Grain: all households and each plan; the last scored answer of a household in the 90 days that end on as_of_date.
-- Decisions: 11 (a 0 is an answer), 12 (no answer does not mean detractor), 25 (the number of answers is shown;
-- below 30 there is no value). The 95% interval is adjusted Wald: three pseudo-answers, ¾ at each end.
{%- set days = 90 %}
{%- set minimum_sample = 30 %}

with responses as (
    select household_id, nps_category, responded_at, response_id
    from {{ ref('fct_nps_surveys') }}
    where survey_date between {{ as_of_date() }} - {{ days - 1 }} and {{ as_of_date() }}
),

households as (
    select household_id, coalesce(plan_type, 'unknown') as plan_type from {{ ref('dim_households') }}
),

last_responses as (
    select
        household_id,
        max_by(nps_category, (responded_at, response_id)) filter (where nps_category is not null) as nps_category
    from responses
    group by household_id
),

grouped_responses as (
    select last_responses.nps_category, unnest(['all', households.plan_type]) as plan_group
    from last_responses
    inner join households on last_responses.household_id = households.household_id
),

counted as (
    select
        plan_group,
        count(nps_category) as n,
        count(*) - count(nps_category) as unknown_count,
        count(*) filter (where nps_category = 'Promoter') as promoters,
        count(*) filter (where nps_category = 'Passive') as passives,
        count(*) filter (where nps_category = 'Detractor') as detractors
    from grouped_responses
    group by plan_group
),

estimated as (
    select
        *,
        promoters - detractors as numerator,
        (promoters - detractors) / (n + 3.0) as centre,
        (promoters + detractors + 1.5) / (n + 3.0) as share_at_the_ends,
        1.96 * sqrt((share_at_the_ends - centre * centre) / (n + 3.0)) as half_width
    from counted
),

final as (
    select
        plan_group,
        n,
        unknown_count,
        promoters,
        passives,
        detractors,
        case when n >= {{ minimum_sample }} then 'sufficient' else 'insufficient' end as sample_status,
        case when n >= {{ minimum_sample }} then 100 * {{ safe_ratio('numerator', 'n') }} end as nps,
        case when n >= {{ minimum_sample }} then 100 * (centre - half_width) end as ci_low,
        case when n >= {{ minimum_sample }} then 100 * (centre + half_width) end as ci_high
    from estimated
)

select * from final
order by plan_group

with here as (
    select
        date_trunc('month', survey_date) as month, count(*) as answers, sum(nps_score) as points,
        count(*) - count(nps_score) as unknown
    from analytics.fct_nps_surveys group by 1
),

there as (
    select
        date_trunc('month', responded_at) as month, count(*) as answers, sum(score) as points,
        count(*) - count(score) as unknown
    from staging.stg_survey__response where survey_type = 'NPS' group by 1
),

both_sides as (
    select
        strftime(month, '%Y-%m') as month, here.answers as a, there.answers as b, here.points as c,
        there.points as d, here.unknown as e, there.unknown as f
    from here full join there using (month)
)

select month || ' answers' as item, a as observed, b as expected from both_sides
union all
select month || ' points', c, d from both_sides
union all
select month || ' unknown', e, f from both_sides

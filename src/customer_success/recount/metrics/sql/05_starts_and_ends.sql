-- Outcomes of the customers at the start of each period.
create table recount.starts as
select
    periods.period,
    before.home,
    before.plan_rank,
    cast(before.is_customer as integer) as customers,
    cast(before.is_customer and before.churned_day <= periods.end_day as integer) as churned,
    cast(coalesce(before.is_customer and before.plan_rank = 0, false) as integer) as free,
    cast(
        coalesce(before.is_customer and before.plan_rank = 0 and later.is_paying, false) as integer
    ) as converted,
    cast(before.is_paying as integer) as payers,
    cast(before.is_paying and coalesce(later.is_paying, false) as integer) as payers_kept,
    cast(before.is_paying and not coalesce(later.is_paying, false) as integer) as payers_lost,
    cast(is_known as integer) as payers_known,
    cast(before.is_paying and not is_known as integer) as payers_unknown,
    case when is_known then before.mrr else 0 end as mrr,
    case when is_known then mrr_later else 0 end as mrr_later,
    case when is_known then least(before.mrr, mrr_later) else 0 end as mrr_kept,
    case when is_known and mrr_later = 0 then before.mrr else 0 end as mrr_lost
from recount.periods
inner join recount.states as before
    on periods.start_day = before.day
left join recount.states as later
    on periods.end_day = later.day and before.home = later.home
cross join lateral (
    select case when later.home is null then 0 else later.mrr end as mrr_later
) as ends
cross join lateral (
    select before.is_paying and before.mrr is not null and mrr_later is not null as is_known
) as known;

-- Features used in the adoption_days that end with a period.
create table recount.adopted as
with windows as (
    select
        period,
        cast(unnest(generate_series(end_day - adoption_days + 1, end_day, interval 1 day)) as date) as day
    from recount.periods
    cross join recount.settings
),

used as (
    select home, day, bit_or(features) as features
    from recount.events
    where features is not null
    group by 1, 2
)

select windows.period, used.home, bit_count(bit_or(used.features)) as features
from windows
inner join used
    on windows.day = used.day
group by 1, 2;

-- Customers and payers at the end of each period.
create table recount.ends as
select
    periods.period,
    later.home,
    later.plan_rank,
    cast(later.is_customer as integer) as customers,
    cast(later.is_customer and coalesce(adopted.features, 0) >= settings.adoption_min_features as integer) as adopting,
    cast(later.is_paying and later.mrr is not null as integer) as payers,
    cast(later.is_paying and later.mrr is null as integer) as payers_unknown,
    case when later.is_paying then coalesce(later.mrr, 0) else 0 end as mrr,
    case
        when later.is_paying and coalesce(before.is_paying, false) and later.mrr > before.mrr
            then later.mrr - before.mrr
        else 0
    end as growth,
    cast(
        later.is_paying and coalesce(before.is_paying, false) and (later.mrr is null or before.mrr is null) as integer
    ) as growth_unknown
from recount.periods
cross join recount.settings
inner join recount.states as later
    on periods.end_day = later.day
left join recount.states as before
    on periods.start_day = before.day and later.home = before.home
left join recount.adopted
    on periods.period = adopted.period and later.home = adopted.home;

-- Published scores of customers (counted from raw) on the last score date of a period. A band that the scorecard
-- does not have is unknown.
create table recount.scores as
with bands as (
    select health_bands.band, health_bands.min_score, health_bands.max_score
    from recount.health_bands
    inner join recount.settings
        on health_bands.health_model = settings.primary_health_model
),

scored as (
    select
        household_id,
        score_date,
        health_score,
        (select min_by(band, min_score) from bands where health_score between min_score and max_score) as band
    from marts.fct_customer_health
)

select
    period_scores.period,
    states.home,
    states.plan_rank,
    cast(health.health_score is not null as integer) as scored,
    cast(health.health_score is null as integer) as unscored,
    case when 'Healthy' in (select band from bands) then cast(coalesce(health.band = 'Healthy', false) as integer) end
        as healthy,
    case when 'At Risk' in (select band from bands) then cast(coalesce(health.band = 'At Risk', false) as integer) end
        as at_risk,
    case when 'Critical' in (select band from bands) then cast(coalesce(health.band = 'Critical', false) as integer) end
        as critical,
    coalesce(health.health_score, 0) as points
from recount.period_scores
inner join recount.states
    on period_scores.score_date = states.day
inner join recount.households
    on states.home = households.home
left join scored as health
    on period_scores.score_date = health.score_date and households.household_id = health.household_id
where states.is_customer;

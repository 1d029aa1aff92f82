-- The share renewed among the renewals settled by a moment: of the same health band 60 days before, of all where those are too
-- few, and unknown where those are too few as well.
with expected as (
    select * from {{ ref('int_renewal_expected') }}
),

moments as (
    select distinct expected_on from expected
),

settled as (
    select
        renewals.settled_on,
        renewals.has_renewed,
        {{ band_of(var('primary_health_model'), 'health.health_60d_before') }} as health_band
    from {{ ref('int_renewals') }} as renewals
    left join {{ ref('int_renewal_health') }} as health
        on renewals.subscription_id = health.subscription_id and renewals.renewal_on = health.renewal_on
    where renewals.is_settled
),

shares as (
    select
        moments.expected_on,
        settled.health_band,
        grouping(settled.health_band) = 1 as is_of_all,
        count(*) as n,
        count(*) filter (where settled.has_renewed) as renewed
    from moments
    inner join settled on moments.expected_on >= settled.settled_on
    group by grouping sets ((moments.expected_on, settled.health_band), (moments.expected_on))
),

chosen as (
    select
        expected.*,
        coalesce(of_all.n, 0) as settled_renewals,
        case
            when of_band.n >= {{ var('renewal_min_sample') }} then of_band.n
            when of_all.n >= {{ var('renewal_min_sample') }} then of_all.n
        end as probability_n,
        case when of_band.n >= {{ var('renewal_min_sample') }} then of_band.renewed else of_all.renewed end as renewed
    from expected
    left join shares as of_band
        on
            expected.expected_on = of_band.expected_on
            and not of_band.is_of_all
            and expected.health_band = of_band.health_band
    left join shares as of_all on expected.expected_on = of_all.expected_on and of_all.is_of_all
)

select
    subscription_id,
    renewal_on,
    expected_on,
    mrr,
    health_band,
    settled_renewals,
    probability_n,
    {{ safe_ratio('renewed', 'probability_n') }} as probability,
    {{ wilson_bound('renewed', 'probability_n', '-') }} as probability_ci_low,
    {{ wilson_bound('renewed', 'probability_n', '+') }} as probability_ci_high
from chosen

-- Ratings are of all reviews, asked for or not. Their interval treats the reviews of one household as one.
with platforms as (
    select platform from {{ ref('stg_cs__review_requests') }}
    union
    select platform from {{ ref('stg_cs__reviews') }}
),

requests as (
    select platform, count(*) as asked, count(submitted_at) as submitted
    from {{ ref('fct_review_requests') }}
    group by platform
),

ratings as (
    select *, avg(rating) over (partition by platform) as mean_rating, count(*) over (partition by platform) as rating_n
    from {{ ref('stg_cs__reviews') }}
    where rating is not null
),

households as (
    select platform, household_id, any_value(mean_rating) as mean_rating, any_value(rating_n) as rating_n, sum(rating - mean_rating) as part
    from ratings
    group by platform, household_id
),

rated as (
    select
        platform,
        any_value(mean_rating) as mean_rating,
        any_value(rating_n) as rating_n,
        case
            when count(*) > 1 then sqrt(cast(sum(cast(part * part as decimal(38, 12))) as double) * count(*) / (count(*) - 1)) / any_value(rating_n)
        end as error
    from households
    group by platform
)

{%- set spread = var('normal_quantile_975') ~ ' * nullif(rated.error, 0)' %}

select
    platforms.platform,
    coalesce(requests.asked, 0) as asked,
    coalesce(requests.submitted, 0) as submitted,
    requests.submitted / nullif(requests.asked, 0) as submission_rate,
    {{ wilson_bound('requests.submitted', 'requests.asked', '-') }} as ci_low,
    {{ wilson_bound('requests.submitted', 'requests.asked', '+') }} as ci_high,
    rated.mean_rating,
    {{ clip('rated.mean_rating - ' ~ spread, 1, 5) }} as rating_ci_low,
    {{ clip('rated.mean_rating + ' ~ spread, 1, 5) }} as rating_ci_high,
    coalesce(rated.rating_n, 0) as rating_n
from platforms
left join requests on platforms.platform = requests.platform
left join rated on platforms.platform = rated.platform

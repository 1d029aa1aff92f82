-- Ratings are of all reviews, asked for or not.
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
    select * from {{ ref('int_review_ratings') }}
)

select
    platforms.platform,
    coalesce(requests.asked, 0) as asked,
    coalesce(requests.submitted, 0) as submitted,
    requests.submitted / nullif(requests.asked, 0) as submission_rate,
    {{ wilson_bound('requests.submitted', 'requests.asked', '-') }} as ci_low,
    {{ wilson_bound('requests.submitted', 'requests.asked', '+') }} as ci_high,
    ratings.mean_rating,
    {{ nan_to_null('ratings.ci_low') }} as rating_ci_low,
    {{ nan_to_null('ratings.ci_high') }} as rating_ci_high,
    coalesce(ratings.rating_n, 0) as rating_n
from platforms
left join requests on platforms.platform = requests.platform
left join ratings on platforms.platform = ratings.platform

-- A review answers the latest request of its household and platform before it; of several reviews the first counts.
with requests as (
    select
        request_id,
        household_id,
        platform,
        requested_at,
        lead(requested_at, 1, timestamp '9999-12-31') over (
            partition by household_id, platform order by requested_at, request_id
        ) as next_requested_at
    from {{ ref('stg_cs__review_requests') }}
),

reviews as (
    select * from {{ ref('stg_cs__reviews') }}
),

answered as (
    select
        requests.request_id,
        min(reviews.submitted_at) as submitted_at,
        min_by(reviews.rating, (reviews.submitted_at, reviews.review_id)) as rating
    from requests
    inner join reviews
        on
            requests.household_id = reviews.household_id
            and requests.platform = reviews.platform
            and requests.requested_at <= reviews.submitted_at
            and requests.next_requested_at > reviews.submitted_at
    group by requests.request_id
)

select
    requests.request_id,
    requests.household_id,
    requests.platform,
    requests.requested_at,
    answered.submitted_at,
    cast(answered.submitted_at as date) - cast(requests.requested_at as date) as days_to_submit,
    cast(answered.rating as integer) as rating
from requests
left join answered on requests.request_id = answered.request_id

with versions as (
    select * from {{ ref('int_subscription_versions') }}
),

discounts as (
    select subscription_id, discount_from, discount_until from {{ ref('int_subscription_discounts') }}
),

-- Days on which something changes within a version.
changes as (
    select subscription_id, item_from as day from {{ ref('stg_stripe__subscription_item') }}
    union
    select subscription_id, discount_from from discounts
    union
    select subscription_id, discount_until from discounts where discount_until is not null
),

boundaries as (
    select subscription_id, version_number, valid_from as day from versions
    union
    select subscription_id, version_number, ended_on from versions where ended_on > valid_from
    union
    select subscription_id, version_number, paused_until from versions where paused_until > valid_from
    union
    select versions.subscription_id, versions.version_number, changes.day
    from versions
    inner join changes on versions.subscription_id = changes.subscription_id and changes.day > versions.valid_from
)

select
    versions.* replace (
        boundaries.day as valid_from,
        lead(boundaries.day) over (partition by versions.subscription_id order by boundaries.day) as valid_until
    ),
    versions.valid_from as version_from,
    boundaries.day >= {{ open_end('versions.ended_on') }} as is_ended,
    boundaries.day < coalesce(versions.paused_until, boundaries.day) as is_paused
from boundaries
inner join versions
    on boundaries.subscription_id = versions.subscription_id and boundaries.version_number = versions.version_number
where boundaries.day <= {{ as_of_date() }} and boundaries.day < {{ open_end('versions.valid_until') }}

with current_values as (
    select * from {{ ref('fct_metric_values') }}
),

latest as (
    select *
    from {{ ledger_relation('published_metric_values') }}
    qualify row_number() over (
        partition by metric, period_grain, period_start, segment_type, segment order by publication_number desc
    ) = 1
),

erased as (
    select count(*) as erased_households from {{ ref('base_app__erased_households') }}
),

-- A published value whose sample has become too small is withdrawn. A value that is only stale or unreconciled today is
-- unchanged, and a build as of an earlier day has fewer data than the published one.
compared as (
    select
        current_values.*,
        case when current_values.status = 'publishable' then current_values.raw_value end as value,
        latest.publication_number is not null as was_published,
        latest.value as published_value,
        latest.definition_hash as published_hash
    from current_values
    left join latest using (metric, period_grain, period_start, segment_type, segment)
    where
        current_values.status in ('publishable', 'insufficient_sample')
        and (latest.as_of_date is null or latest.as_of_date <= current_values.as_of_date)
)

select
    compared.metric,
    compared.period_grain,
    compared.period_start,
    compared.period_end,
    compared.segment_type,
    compared.segment,
    compared.value,
    compared.definition_version,
    compared.definition_hash,
    compared.as_of_date,
    compared.data_through,
    compared.dataset,
    erased.erased_households
from compared
cross join erased
where
    (compared.status = 'publishable' and not compared.was_published)
    or (compared.was_published and compared.value is distinct from compared.published_value)
    or (compared.status = 'publishable' and compared.definition_hash is distinct from compared.published_hash)

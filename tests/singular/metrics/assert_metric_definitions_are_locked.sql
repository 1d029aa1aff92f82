-- Each definition equals the locked one of its version; `python -m customer_success.metrics lock` writes the lock.
with locked as (
    select metric, version, definition_hash
    from {{ ref('metric_definitions') }}
    qualify row_number() over (partition by metric order by version desc) = 1
),

defined as (
    select metric, version, definition_hash from {{ ref('dim_metrics') }}
)

select
    coalesce(defined.metric, locked.metric) as metric,
    defined.version,
    locked.version as locked_version
from defined
full join locked on defined.metric = locked.metric
where
    locked.definition_hash is distinct from 'removed'
    and (
        defined.version is distinct from locked.version or defined.definition_hash is distinct from locked.definition_hash
    )

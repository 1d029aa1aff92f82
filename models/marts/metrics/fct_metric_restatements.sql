with published as (
    select * from {{ ledger_relation('published_metric_values') }}
),

-- The statements of this build come after all published ones.
statements as (
    select * from published
    union all by name
    select *, (select coalesce(max(publication_number), 0) + 1 from published) as publication_number
    from {{ ref('int_metric_changes') }}
),

compared as (
    select
        *,
        lag(publication_number) over history is not null as was_published,
        lag(value) over history as old_value,
        lag(definition_hash) over history as old_definition_hash,
        lag(data_through) over history as old_data_through,
        lag(as_of_date) over history as old_as_of_date,
        lag(erased_households) over history as old_erased_households
    from statements
    window history as (
        partition by metric, period_grain, period_start, segment_type, segment order by publication_number
    )
)

select
    metric,
    period_grain,
    period_start,
    segment_type,
    segment,
    publication_number,
    old_value,
    value as new_value,
    old_definition_hash,
    definition_hash as new_definition_hash,
    old_as_of_date,
    as_of_date,
    data_through,
    case
        when (definition_hash is distinct from old_definition_hash) then 'definition change'
        when erased_households > old_erased_households then 'erasure'
        when as_of_date > old_as_of_date or data_through > old_data_through then 'late data'
        else 'correction'
    end as reason_class
from compared
where was_published and (value is distinct from old_value)

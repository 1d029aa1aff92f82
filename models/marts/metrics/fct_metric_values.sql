with grid as (
    select * from {{ ref('int_metric_grid') }}
),

components as (
    select * from {{ ref('int_metric_components') }}
),

intervals as (
    select * from {{ ref('int_metric_intervals') }}
),

evidence as (
    select * from {{ ref('int_metric_evidence') }}
),

dataset as (
    select case when max(dataset_kind) = 'synthetic' then 'synthetic' else 'live' end as dataset
    from {{ ref('stg_meta__dataset') }}
),

{%- set keys = 'metric, period_grain, period_start, segment_type, segment' %}

-- One row for each metric, period and segment, also where no row was counted.
assessed as (
    select
        grid.*,
        components.numerator,
        components.denominator,
        coalesce(components.sample_size, 0) as sample_size,
        coalesce(components.unknown_count, 0) as unknown_count,
        components.value as raw_value,
        {{ nan_to_null('intervals.ci_low') }} as ci_low,
        {{ nan_to_null('intervals.ci_high') }} as ci_high,
        evidence.* exclude (metric),
        case
            when coalesce(components.sample_size, 0) < grid.min_sample
                then 'sample of ' || coalesce(components.sample_size, 0) || ' is below the minimum of ' || grid.min_sample
            when components.value is null or {{ nan_to_null('intervals.ci_low') }} is null
                then 'no interval: ' || coalesce(intervals.ci_reason, 'the value is unknown')
        end as sample_note,
        case
            when not grid.is_complete then 'the period runs until ' || grid.period_end
            when components.pending_count > 0 then components.pending_count || ' members are not observed long enough yet'
        end as period_note
    from grid
    inner join evidence using (metric)
    left join components using ({{ keys }})
    left join intervals using ({{ keys }})
)

select
    {{ keys }},
    period_end,
    numerator,
    denominator,
    sample_size,
    unknown_count,
    raw_value,
    ci_low,
    ci_high,
    ci_method,
    case
        when sample_note is not null then 'insufficient_sample'
        when period_note is not null then 'incomplete_period'
        when is_stale then 'stale'
        when not is_reconciled then 'unreconciled'
        else 'publishable'
    end as status,
    nullif(concat_ws('; ', sample_note, period_note, freshness_note, reconciliation_note), '') as status_reason,
    definition_version,
    definition_hash,
    {{ as_of_date() }} as as_of_date,
    data_through,
    dataset,
    '{{ invocation_id }}' as invocation_id,
    '{{ env_var("CS_GIT_COMMIT", "unknown") }}' as git_commit
from assessed
cross join dataset

-- The weights of a scorecard's parts, and of a part's metrics, sum to 1.
with sums as (
    select health_model, 'parts' as level, cast(sum(weight) as double) as weight
    from {{ ref('health_parts') }}
    group by health_model
    union all
    select health_model, part, sum(weight_numerator / cast(weight_denominator as double))
    from {{ ref('health_lines') }}
    group by health_model, part
)

select * from sums where abs(weight - 1) > 1e-9

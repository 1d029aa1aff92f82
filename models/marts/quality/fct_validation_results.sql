-- The validations fill this table after dbt has finished. Each build empties it, so that no result outlives its data.
select
    cast(null as varchar) as suite,
    cast(null as varchar) as expectation,
    cast(null as varchar) as target,
    cast(null as varchar) as status,
    cast(null as varchar) as observed,
    cast(null as varchar) as expected,
    cast(null as bigint) as unexpected_count,
    cast(null as varchar) as details,
    cast(null as varchar) as evidence
where false

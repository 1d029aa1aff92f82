-- The row is written into each published version after the checks; the table in the working database is empty.
select
    cast(null as date) as as_of_date,
    cast(null as timestamp) as built_at,
    cast(null as varchar) as git_commit,
    cast(null as varchar) as dataset,
    cast(null as bigint) as tests_passed,
    cast(null as bigint) as validations_passed,
    cast(null as bigint) as validations_warned,
    cast(null as varchar) as invocation_id,
    cast(null as varchar) as ledger_head,
    cast(null as varchar) as ledger_heads
where false

-- Recomputes the freshness status of each source from its age.
select *
from {{ ref('int_source_freshness') }}
where
    freshness is distinct from case
        when latest_synced_at is null then 'unknown'
        when latest_synced_at >= {{ as_of_end() }} - to_hours({{ var('freshness_warn_hours') }}) then 'fresh'
        when latest_synced_at >= {{ as_of_end() }} - to_hours({{ var('freshness_stale_hours') }}) then 'warning'
        else 'stale'
    end

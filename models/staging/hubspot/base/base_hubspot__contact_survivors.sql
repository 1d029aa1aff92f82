{{ config(materialized='table') }}

-- Which contact each merged contact has become, merges of merges included.
with recursive merges as (
    select vid_to_merge as contact_id, canonical_vid as into_id
    from {{ ref('base_hubspot__contact_merge_audit') }}
    where row_class = 'staged'
    union
    select unnest(regexp_extract_all(merged_ids, '[^;,\s]+')), id
    from ({{ raw_rows('hubspot', 'contact', key=['id'], own_date='created_at') }})
    where key_rank = 1
),

steps as (
    select contact_id, into_id, [contact_id] as passed
    from merges
    where contact_id <> into_id
    union all
    select steps.contact_id, merges.into_id, list_append(steps.passed, steps.into_id)
    from steps
    inner join merges on steps.into_id = merges.contact_id
    where not list_contains(steps.passed, merges.into_id) and merges.into_id <> steps.into_id
)

select contact_id, max_by(into_id, (len(passed), into_id)) as surviving_contact_id
from steps
group by contact_id

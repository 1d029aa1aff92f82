with excluded as (
    select household_id from {{ ref('int_growth_excluded') }}
),

owners as (
    select household_id, owner_id from {{ ref('fct_csm_assignments') }}
),

offers as (
    select * from {{ ref('int_candidates_upsell') }}
    union all by name
    select * from {{ ref('int_candidates_cross_sell') }}
),

-- The best of each owner, so that nobody has more than can be called.
advocates as (
    select
        candidates.* exclude (mrr),
        row_number() over (
            partition by owners.owner_id order by candidates.mrr desc nulls last, candidates.household_id asc
        ) as place
    from {{ ref('int_candidates_advocacy') }} as candidates
    left join owners on candidates.household_id = owners.household_id
    anti join excluded on candidates.household_id = excluded.household_id
    qualify place <= {{ var('advocates_per_owner') }}
),

candidates as (
    select * from offers anti join excluded using (household_id)
    union all by name
    select * from advocates
    union all by name
    -- Of reviews the open tickets alone keep a household out: anything else would be gating again.
    select * from {{ ref('int_candidates_review') }}
)

select
    candidates.household_id,
    candidates.program,
    candidates.reason,
    cast(candidates.detail as varchar) as detail,
    candidates.angle,
    candidates.offer,
    case
        when candidates.program = 'advocacy' then candidates.place
        else row_number() over (partition by candidates.program order by candidates.place)
    end as rank,
    owners.owner_id
from candidates
left join owners on candidates.household_id = owners.household_id

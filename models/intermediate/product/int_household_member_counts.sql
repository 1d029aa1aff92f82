with spells as (
    select household_id, user_id, member_from, member_until from {{ ref('int_member_spells') }}
),

change_days as (
    select household_id, member_from as valid_from from spells
    union
    select household_id, member_until from spells where member_until is not null
),

counted as (
    select change_days.household_id, change_days.valid_from, count(distinct spells.user_id) as member_count
    from change_days
    left join spells
        on
            change_days.household_id = spells.household_id
            and spells.member_from <= change_days.valid_from
            and {{ open_end('spells.member_until') }} > change_days.valid_from
    group by change_days.household_id, change_days.valid_from
)

select
    household_id,
    valid_from,
    lead(valid_from) over (partition by household_id order by valid_from) as valid_until,
    member_count
from counted

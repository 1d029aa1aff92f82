-- Versions cut at the days on which something within them begins or ends. The first stretch of a version is there
-- even if a later version begins on the same day.
create table recount.stretches as
with reductions as (
    select versions.id, versions.place, reductions.*
    from recount.versions
    inner join recount.reductions
        on versions.id = reductions.subscription_id or versions.customer_id = reductions.customer_id
),

cuts as (
    select id, place, ends_day as day from recount.versions
    union
    select id, place, paused_day from recount.versions
    union
    select versions.id, versions.place, items.from_day
    from recount.versions
    inner join recount.items
        on versions.id = items.subscription_id and versions.price_id is null
    union
    select id, place, from_day from reductions
    union
    select id, place, until_day from reductions
),

begun as (
    select *, from_day as version_day from recount.versions
    union all
    select versions.* replace (cuts.day as from_day), versions.from_day
    from recount.versions
    inner join cuts
        on versions.id = cuts.id and versions.place = cuts.place
    where cuts.day > versions.from_day and cuts.day < versions.until_day
)

select
    row_number() over (order by id, place, from_day) as stretch,
    begun.* exclude (until_day),
    least(
        until_day,
        lead(from_day, 1, date '9999-12-31') over (partition by id, place order by from_day)
    ) as until_day,
    says_in_force and from_day < coalesce(ends_day, date '9999-12-31') as lasts,
    coalesce(from_day < paused_day, false) as is_paused
from begun;

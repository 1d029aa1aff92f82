-- From when to when each version is in force and paying. What is free, or of a product that the seed ignores, is not in force; a
-- trial after the subscription was paid for pays, at an MRR of 0.
create temp table subscription_states as
with charged as (
    select subscription_id, version_from as valid_from, min(line_from) filter (where not is_free and not is_ignored) as charged_from
    from subscription_lines
    group by all
),

in_force as (
    select
        s.*,
        statuses.is_paying as is_paid,
        case when charged.valid_from is null then s.valid_from else coalesce(charged.charged_from, never()) end as from_day,
        least(s.valid_until, s.over_on) as until_day
    from subscription_days as s
    inner join rules.subscription_statuses as statuses using (status)
    left join charged using (subscription_id, valid_from)
    where statuses.is_in_force
)

select
    *,
    not is_paid and exists (
        select 1
        from in_force as earlier
        where
            earlier.subscription_id = in_force.subscription_id
            and earlier.valid_from < in_force.valid_from
            and earlier.is_paid
            and greatest(earlier.from_day, earlier.paused_until) < earlier.until_day
    ) as is_free_period
from in_force
where from_day < until_day

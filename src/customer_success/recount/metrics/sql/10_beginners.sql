-- Households that began the quick start in a period: completed within its days, first value within seven. It begins on
-- the day of signup, for all but those who begin on a plan with a program of its own.
create table recount.quick_starts as
with program as (
    select length_days
    from recount.onboarding_programs
    where program = 'quick_start'
),

own_plans as (
    select in_force.home
    from recount.in_force
    inner join recount.households
        on in_force.home = households.home and households.signup_day between in_force.from_day and in_force.to_day
    group by 1, households.signup_day
    having max(in_force.plan_rank) in (
        select ranked_plans.plan_rank
        from recount.onboarding_programs
        inner join recount.ranked_plans using (plan_type)
        where onboarding_programs.begins_with = 'first_day'
    )
)

select
    households.home,
    households.signup_day as started_on,
    program.length_days
from recount.households
cross join program
where
    households.signup_day <= (select as_of_date from recount.build)
    and households.closed_day > households.signup_day
    and households.home not in (from own_plans);

-- The first day of each thing that may complete a step; one who joins again is the same member.
create table recount.firsts as
select
    memberships.home,
    'event' as criterion,
    events.event_name as value,
    min(cast(events.event_at as date)) as day
from raw_kept.product__events as events
inner join recount.households
    on events.household_id = households.household_id
inner join recount.memberships
    on
        households.home = memberships.home
        and events.user_id = memberships.user_id
        and cast(events.event_at as date) >= memberships.joined_day
        and cast(events.event_at as date) < memberships.left_day
group by 1, 2, 3
union all
select households.home, 'pet', null, min(cast(pets.added_at as date))
from raw_kept.app__pets as pets
inner join recount.households
    on pets.household_id = households.household_id
group by 1
union all
select households.home, 'feature_setting', settings.feature_name, min(cast(settings.changed_at as date))
from raw_kept.app__feature_settings as settings
inner join recount.households
    on settings.household_id = households.household_id
where settings.is_enabled
group by 1, settings.feature_name
union all
select home, 'member', cast(row_number() over (partition by home order by day) as varchar), day
from (select home, member, min(joined_day) as day from recount.memberships group by 1, 2)
union all
select home, 'signup', null, signup_day
from recount.households;

create table recount.beginners as
with recorded as (
    select 'signup' as criterion, null as value
    union all
    select distinct 'event', value from recount.firsts where criterion = 'event'
    union all
    select 'pet', null from recount.build where has_pets
    union all
    select 'feature_setting', null from recount.build where has_settings
    union all
    select 'member', null from recount.build where has_members
),

steps as (
    select
        quick_starts.home,
        onboarding_steps.is_required,
        onboarding_steps.is_first_value,
        -- What was done before the program began counts on its first day.
        case when firsts.day is not null then greatest(firsts.day - quick_starts.started_on, 0) end as days
    from recount.quick_starts
    cross join recount.onboarding_steps
    inner join recorded
        on
            onboarding_steps.criterion = recorded.criterion
            and onboarding_steps.criterion_value is not distinct from coalesce(recorded.value, onboarding_steps.criterion_value)
    left join recount.firsts
        on
            quick_starts.home = firsts.home
            and onboarding_steps.criterion = firsts.criterion
            and onboarding_steps.criterion_value is not distinct from firsts.value
    where onboarding_steps.program = 'quick_start'
),

outcomes as (
    select
        home,
        count(*) filter (where is_required) > 0 as is_measured,
        count(*) filter (where is_first_value) > 0 as is_value_measured,
        bool_and(days is not null) filter (where is_required) as is_done,
        max(days) filter (where is_required) as days,
        min(days) filter (where is_first_value) as first_value
    from steps
    group by 1
)

select
    period_days.period,
    quick_starts.home,
    count(*) filter (where is_over and is_measured) as started,
    count(*) filter (where is_over and is_done and outcomes.days <= length_days) as completed,
    count(*) filter (where not is_over) as unfinished,
    count(*) filter (where not (is_over and is_measured)) as unmeasured,
    count(*) filter (where has_week and is_value_measured) as started_first,
    count(*) filter (where has_week and first_value <= 7) as valued,
    count(*) filter (where not has_week) as unfinished_first,
    count(*) filter (where not (has_week and is_value_measured)) as unmeasured_first
from (
    select
        *,
        started_on + length_days <= as_of_date as is_over,
        started_on + 7 <= as_of_date as has_week
    from recount.quick_starts
    cross join (select as_of_date from recount.build)
) as quick_starts
inner join outcomes using (home)
inner join recount.period_days
    on quick_starts.started_on = period_days.day
group by 1, 2;

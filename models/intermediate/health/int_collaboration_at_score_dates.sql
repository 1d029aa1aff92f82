with customers as (
    select household_id, score_date, member_count
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }} and days_before < 30
),

member_days as (
    select household_id, user_id, activity_date, tasks_completed
    from {{ ref('int_member_days') }}
    where activity_date > {{ first_day() }} - 30 and tasks_completed > 0
),

-- Integers in place of ids: the sums by member and date need the most memory.
spells as (
    select
        household_id,
        user_id,
        member_from,
        {{ open_end('member_until') }} as member_until,
        cast(row_number() over (order by household_id, user_id, member_from) as integer) as spell_number
    from {{ ref('int_member_spells') }}
),

-- Only tasks of persons who are members at the date count.
tasks_of_members as (
    select spells.spell_number, windows.score_date, cast(sum(member_days.tasks_completed) as integer) as tasks
    from member_days
    inner join spells on member_days.household_id = spells.household_id and member_days.user_id = spells.user_id
    inner join windows on member_days.activity_date = windows.activity_date
    where windows.score_date >= spells.member_from and windows.score_date < spells.member_until
    group by spells.spell_number, windows.score_date
),

-- Shannon's entropy of shares n/N is ln N - sum(n ln n) / N. Sums of decimals do not depend on row order.
entropies as (
    select
        spells.household_id,
        tasks.score_date,
        ln(sum(tasks.tasks))
        - cast(sum(cast(tasks.tasks * ln(tasks.tasks) as decimal(28, 12))) as double) / sum(tasks.tasks) as entropy
    from tasks_of_members as tasks
    inner join spells on tasks.spell_number = spells.spell_number
    group by spells.household_id, tasks.score_date
)

select
    customers.household_id,
    customers.score_date,
    case when customers.member_count >= 2 then round(100 * entropies.entropy / ln(customers.member_count), 9) end
        as collaboration
from customers
left join entropies on customers.household_id = entropies.household_id and customers.score_date = entropies.score_date
order by score_date

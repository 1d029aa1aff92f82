-- A report counts for its rule from counts_from until the day before counts_until.
with rules as (
    select * replace (cast(window_days as integer) as window_days) from {{ ref('escalation_rules') }}
),

-- An empty field of a rule matches any ticket.
of_tickets as (
    select
        rules.rule,
        case rules.subject_kind when 'ticket' then tickets.ticket_id when 'issue_key' then tickets.issue_key else 'all' end
            as subject,
        tickets.household_id,
        tickets.ticket_id,
        cast(null as varchar) as message_id,
        tickets.created_at as reported_at,
        tickets.plan_type,
        tickets.valid_from as counts_from,
        least(
            tickets.valid_until,
            {{ open_end("case when rules.about = 'competitor' then tickets.competitor_named_on else tickets.created_date end"
                ~ ' + rules.window_days') }}
        ) as counts_until
    from {{ ref('int_escalation_tickets') }} as tickets
    inner join rules
        on
            rules.subject_kind <> 'theme'
            and (rules.category is null or coalesce(tickets.category = rules.category, false))
            and (rules.plan_type is null or coalesce(tickets.plan_type = rules.plan_type, false))
            and (rules.ticket_priority is null or coalesce(tickets.priority = rules.ticket_priority, false))
            and case rules.about
                when 'competitor' then tickets.names_competitor
                when 'security' then tickets.concerns_security
                else true
            end
            and (tickets.is_open or not rules.while_open)
    where rules.subject_kind <> 'issue_key' or tickets.issue_key is not null
),

negative_mentions as (
    select rules.rule, rules.window_days, themes.*, cast(themes.created_at as date) as mention_date, comments.ticket_id
    from {{ ref('fct_comment_themes') }} as themes
    inner join rules on rules.subject_kind = 'theme'
    left join {{ ref('stg_zendesk__ticket_comment') }} as comments
        on themes.message_id = 'ticket_comment:' || comments.comment_id
    where themes.polarity = 'negative'
),

plans as (
    select household_id, valid_from, plan_type from {{ ref('int_household_plan_periods') }}
),

of_themes as (
    select
        mentions.rule,
        mentions.theme as subject,
        mentions.household_id,
        mentions.ticket_id,
        mentions.message_id,
        mentions.created_at as reported_at,
        plans.plan_type,
        mentions.mention_date as counts_from,
        mentions.mention_date + mentions.window_days as counts_until
    from negative_mentions as mentions
    asof left join plans
        on mentions.household_id = plans.household_id and mentions.mention_date >= plans.valid_from
)

select * from of_tickets where counts_from < counts_until
union all
select * from of_themes

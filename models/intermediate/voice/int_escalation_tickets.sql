{%- set words = rule_rows('security_words', where="kind = 'text'", order_by='word') | map(attribute='word') | list -%}
with periods as (
    select ticket_id, household_id, created_at, created_date, valid_from, valid_until, is_solved
    from {{ ref('int_ticket_periods') }}
    where not coalesce(is_merged, false)
),

classified as (
    select ticket_id, valid_from, category, issue_key, priority, competitor_mentioned from {{ ref('int_tickets_classified') }}
),

texts as (
    select
        ticket_id,
        coalesce({{ mentions("concat_ws(' ', subject, description)", words) }}, false) as has_security_word
    from {{ ref('stg_zendesk__ticket') }}
),

security_tags as (
    select ticket_id, valid_from, has_security_tag from {{ ref('int_ticket_levels') }}
),

plans as (
    select household_id, valid_from, plan_type from {{ ref('int_household_plan_periods') }}
)

select
    periods.ticket_id,
    periods.household_id,
    periods.created_at,
    periods.created_date,
    periods.valid_from,
    {{ open_end('periods.valid_until') }} as valid_until,
    not periods.is_solved as is_open,
    classified.category,
    classified.issue_key,
    classified.priority,
    min(periods.valid_from) filter (where classified.competitor_mentioned is not null) over (partition by periods.ticket_id)
        as competitor_named_on,
    classified.competitor_mentioned is not null as names_competitor,
    texts.has_security_word or coalesce(security_tags.has_security_tag, false) as concerns_security,
    plans.plan_type
from periods
inner join texts on periods.ticket_id = texts.ticket_id
asof left join classified on periods.ticket_id = classified.ticket_id and periods.valid_from >= classified.valid_from
asof left join security_tags on periods.ticket_id = security_tags.ticket_id and periods.valid_from >= security_tags.valid_from
asof left join plans on periods.household_id = plans.household_id and periods.created_date >= plans.valid_from

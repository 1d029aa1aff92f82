with numbered as (
    select household_id, {{ household_number() }} as household_number from {{ ref('int_household_signups') }}
),

mentions as (
    select
        cast(date_trunc('month', created_at) as date) as month_start,
        unnest([channel, 'all']) as channel,
        theme,
        household_id,
        polarity
    from {{ ref('fct_comment_themes') }}
)

select
    mentions.month_start,
    mentions.channel,
    mentions.theme,
    mentions.household_id,
    numbered.household_number,
    count(*) as mentions,
    count(*) filter (where mentions.polarity = 'positive') as positive,
    count(*) filter (where mentions.polarity = 'negative') as negative
from mentions
inner join numbered on mentions.household_id = numbered.household_id
group by mentions.month_start, mentions.channel, mentions.theme, mentions.household_id, numbered.household_number

{%- set keywords = rule_rows('complaint_themes', order_by='rule_order, keyword') -%}
with scored as (
    select message_id, household_id, channel, created_at, sentiment
    from {{ ref('fct_message_sentiment') }}
    where sentiment is not null
),

texts as (
    select message_id, message_text from {{ ref('int_customer_messages') }}
),

mentioned as (
    select
        message_id,
        unnest([
            {%- for theme in keywords | map(attribute='theme') | unique %}
            {%- set words = keywords | selectattr('theme', 'eq', theme) | map(attribute='keyword') | list %}
            case when {{ mentions('message_text', words) }} then {{ sql_text(theme) }} end,
            {%- endfor %}
            cast(null as varchar)
        ]) as theme
    from texts
),

answers as (
    select
        'survey_response:' || responses.response_id as message_id,
        {{ survey_channel('responses.survey_type') }} as channel,
        categories.category as nps_category
    from {{ ref('stg_survey__response') }} as responses
    left join {{ ref('nps_categories') }} as categories
        on responses.survey_type = 'NPS' and responses.score between categories.min_score and categories.max_score
)

-- The score says what an NPS comment is; without one, as elsewhere, the words do.
select
    scored.message_id,
    scored.household_id,
    case when scored.channel = 'survey' then answers.channel else scored.channel end as channel,
    scored.created_at,
    mentioned.theme,
    case
        when answers.nps_category = 'Detractor' then 'negative'
        when answers.nps_category is not null then 'positive'
        else lower(scored.sentiment)
    end as polarity
from scored
inner join mentioned on scored.message_id = mentioned.message_id
left join answers on scored.message_id = answers.message_id
where mentioned.theme is not null

{%- set keywords = rule_rows('comment_keywords', order_by='polarity desc, keyword') -%}
with comments as (
    select nps_category, nps_comment from {{ ref('fct_nps_surveys') }} where nps_category is not null and nps_comment is not null
),

mentioned as (
    select
        nps_category,
        unnest([
            {%- for rule in keywords %}
            case when {{ mentions('nps_comment', [rule.keyword]) }} then {{ sql_text(rule.keyword) }} end,
            {%- endfor %}
            cast(null as varchar)
        ]) as keyword
    from comments
)

select mentioned.nps_category, mentioned.keyword, keywords.polarity, count(*) as mention_count
from mentioned
inner join {{ ref('comment_keywords') }} as keywords on mentioned.keyword = keywords.keyword
group by mentioned.nps_category, mentioned.keyword, keywords.polarity

-- Counts add up, net sentiment lies within -1 and 1 and in its interval, and p-values lie within 0 and 1.
select channel || ' ' || theme as item
from {{ ref('rpt_comment_themes') }}
where
    households not between 1 and mentions
    or positive + negative not between 0 and mentions
    or net_sentiment not between -1 and 1
    or net_sentiment not between ci_low and ci_high
    or (ci_low is null) <> (ci_high is null)
    or (net_sentiment is null and ci_low is not null)
union all
select theme
from {{ ref('rpt_theme_changes') }}
where
    p_value not between 0 and 1
    or p_holm not between p_value and 1
    or expected_households < 0
    or (p_holm is null) <> (is_rising is null)

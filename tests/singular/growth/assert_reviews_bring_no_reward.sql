-- App stores and review sites forbid rewards for reviews, and prizes by place reward spamming: both stay switched off.
select 'growth_rewards' as seed, reward as rule from {{ ref('growth_rewards') }} where program in ('review', 'leaderboard') and is_enabled
union all
select 'advocacy_points', activity from {{ ref('advocacy_points') }} where activity = 'review' and is_enabled

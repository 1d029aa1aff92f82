-- Each score from 0 to 100 belongs to exactly one level.
select scores.score, count(levels.band) as levels
from (select unnest(range(0, 101)) as score) as scores
left join {{ ref('engagement_levels') }} as levels on scores.score between levels.min_score and levels.max_score
group by scores.score
having count(levels.band) <> 1

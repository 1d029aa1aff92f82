-- Each score from 0 to 100 belongs to exactly one band.
select scores.score, count(bands.band) as bands
from (select unnest(range(0, 101)) as score) as scores
left join {{ ref('churn_risk_bands') }} as bands on scores.score between bands.min_score and bands.max_score
group by scores.score
having count(bands.band) <> 1

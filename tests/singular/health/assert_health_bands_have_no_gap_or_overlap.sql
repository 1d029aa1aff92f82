-- Each score from 0 to 100 belongs to exactly one band of each scorecard.
with scores as (
    select models.health_model, scores.score
    from (select distinct health_model from {{ ref('health_parts') }}) as models
    cross join (select unnest(range(0, 101)) as score) as scores
)

select scores.health_model, scores.score, count(bands.band) as bands
from scores
left join {{ ref('health_bands') }} as bands
    on scores.health_model = bands.health_model and scores.score between bands.min_score and bands.max_score
group by scores.health_model, scores.score
having count(bands.band) <> 1

-- Each score from 0 to 10 belongs to exactly one category.
select scores.score, count(categories.category) as categories
from (select unnest(range(0, 11)) as score) as scores
left join {{ ref('nps_categories') }} as categories on scores.score between categories.min_score and categories.max_score
group by scores.score
having count(categories.category) <> 1

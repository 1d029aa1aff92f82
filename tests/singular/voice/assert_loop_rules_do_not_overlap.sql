-- A score of an origin opens at most one loop.
select scores.score, rules.origin
from {{ ref('feedback_loop_rules') }} as rules
inner join (select unnest(range(0, 11)) as score) as scores on scores.score between rules.min_score and rules.max_score
group by scores.score, rules.origin
having count(*) > 1

-- A score is null exactly if its known weight is too small, and then it has no band.
select household_id, score_date, health_model, overall_score, known_weight, segment
from {{ ref('fct_health_scores') }}
where
    (overall_score is null) <> (known_weight < {{ var('min_known_weight') }})
    or (overall_score is null) <> (segment is null)

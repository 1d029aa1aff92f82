-- The score is a weighted mean: weights that do not sum to one would be another scale.
select sum(weight) as weight
from {{ ref('engagement_metrics') }}
having abs(sum(weight) - 1) > 1e-9

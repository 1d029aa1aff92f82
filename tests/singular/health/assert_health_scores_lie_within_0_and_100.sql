-- Scores and part scores are null or between 0 and 100.
select *
from {{ ref('fct_health_scores') }}
where
    not (
        coalesce(overall_score, 0) between 0 and 100
        {%- for part in [
            'product_usage', 'feature_adoption', 'support', 'engagement', 'payment', 'financial', 'value_delivery', 'relationship'
        ] %}
        and coalesce({{ part }}_score, 0) between 0 and 100
        {%- endfor %}
        and known_weight between 0 and 1
    )

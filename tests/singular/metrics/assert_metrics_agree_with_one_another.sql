-- Follows from the definitions: churn + retention = 1, gross <= net retention, shares of bands <= 1, DAU <= WAU <= MAU.
with side_by_side as (
    select
        {%- for metric in [
            'logo_churn_rate', 'logo_retention', 'gross_revenue_retention', 'net_revenue_retention', 'revenue_churn_rate',
            'healthy_share', 'at_risk_share', 'critical_share', 'dau', 'wau', 'mau'
        ] %}
        max(raw_value) filter (where metric = '{{ metric }}') as {{ metric }},
        {%- endfor %}
        period_grain,
        period_start,
        segment_type,
        segment
    from {{ ref('fct_metric_values') }}
    group by period_grain, period_start, segment_type, segment
)

select *
from side_by_side
where
    abs(logo_churn_rate + logo_retention - 1) > 1e-9
    or gross_revenue_retention > net_revenue_retention + 1e-9
    or gross_revenue_retention > 1 - revenue_churn_rate + 1e-9
    or healthy_share + at_risk_share + critical_share > 1 + 1e-9
    or dau > wau
    or wau > mau

select
    health_model as item,
    sum(weight) as observed,
    1 as expected
from rules.health_parts
group by health_model
union all
select health_model || ', as readers see it', sum(value), 1
from analytics.dim_health_rules
where rule_set = 'weights'
group by health_model

select health_model as item, sum(weight) as observed, 1 as expected from rules.health_parts group by 1
union all
select health_model || ', in force', sum(value), 1 from analytics.dim_health_rules
where rule_set = 'health_parts' group by health_model

-- Two severities in one place: predictions would be shown twice.
insert into rules.churn_severities by name
select * replace ('another' as severity, 0.99 as above_probability)
from rules.churn_severities
order by severity_rank
limit 1;

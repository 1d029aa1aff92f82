-- Two severities with the same rank, which would duplicate predictions.
insert into rules.churn_severities by name
select * replace ('another' as severity, 0.99 as above_probability)
from rules.churn_severities
order by severity_rank
limit 1;

-- A second spell that begins while the first is open.
insert into analytics.fct_escalations
select * replace ('planted' as escalation_id, opened_on + 1 as opened_on)
from analytics.fct_escalations
where is_open
limit 1;

-- An escalation that closes before it opens.
update analytics.fct_escalations
set closed_on = opened_on - 1, is_open = false
where escalation_id = (select min(escalation_id) from analytics.fct_escalations);

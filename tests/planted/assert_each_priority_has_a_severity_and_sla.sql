-- A pair of levels without a priority.
delete from rules.ticket_priorities where urgency = 'High' and impact = 'Low';

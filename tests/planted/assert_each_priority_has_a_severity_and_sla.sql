-- A pair without a priority, as in the source documents.
delete from rules.ticket_priorities where urgency = 'High' and impact = 'Low';

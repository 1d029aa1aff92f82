-- A ticket that was solved before it was created.
update analytics.fct_support_tickets set resolution_hours = -resolution_hours where resolution_hours > 1;

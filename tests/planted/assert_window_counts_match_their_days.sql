-- A window that includes a ticket of the day before it.
update intermediate.int_tickets_at_score_dates set tickets_30 = tickets_30 + 1
where (household_id, score_date) = (
    select (household_id, score_date) from intermediate.int_household_score_dates where is_current order by all limit 1
);

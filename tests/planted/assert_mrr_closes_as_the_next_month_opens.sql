-- A month that opens with more MRR than the previous month closed with.
update analytics.fct_mrr_movements set mrr_opening = mrr_opening + 1 where mrr_opening > 0 and mrr_closing > 0 and household_id = (select max(household_id) from analytics.fct_mrr_movements where mrr_opening > 0 and mrr_closing > 0);

-- A month whose movements do not add up to closing minus opening.
update analytics.fct_mrr_movements set expansion = expansion + 1 where household_id = (select min(household_id) from analytics.fct_mrr_movements where mrr_closing > 0);

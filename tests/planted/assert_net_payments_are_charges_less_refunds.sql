-- A failed charge that is booked as paid.
update analytics.fct_payments set net_amount = amount
where charge_id = (select min(charge_id) from analytics.fct_payments where status = 'failed' and amount > 0);

-- A small p-value that contradicts its interval.
update analytics.fct_claim_verdicts
set p_value = 0.01, p_value_corrected = 0.01, difference = 1, ci_low = -9, ci_high = 11, scale = 'absolute'
where claim_id = (select max(claim_id) from analytics.fct_claim_verdicts);

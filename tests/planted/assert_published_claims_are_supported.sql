-- A published claim that the data do not support.
update analytics.fct_claim_verdicts set status = 'published', verdict = 'insufficient_evidence'
where claim_id = (select min(claim_id) from analytics.fct_claim_verdicts);

-- A draft that was published although the data do not support it.
update analytics.fct_claim_verdicts set status = 'published', verdict = 'insufficient_evidence'
where claim_id = (select min(claim_id) from analytics.fct_claim_verdicts);

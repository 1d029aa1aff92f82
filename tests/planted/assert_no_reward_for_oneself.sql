-- A reward of a referral that does not exist.
insert into analytics.fct_rewards_due (reward_id, household_id, kind, amount, due_at, status)
select 'made up', min(household_id), 'referral', 10, date '2026-01-01', 'due' from analytics.dim_households;

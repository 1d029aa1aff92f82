-- A review that is paid for.
update rules.growth_rewards set is_enabled = true where reward = 'review_credit';

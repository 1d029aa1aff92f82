-- Bands with a gap at 7.
update rules.nps_categories set min_score = 8 where category = 'Passive';

-- Bands in which a 7 is nothing.
update rules.nps_categories set min_score = 8 where category = 'Passive';

-- A scorecard whose weights sum to 1.1.
update rules.health_parts set weight = weight + 0.1 where health_model = 'guide_v1' and part = 'payment';

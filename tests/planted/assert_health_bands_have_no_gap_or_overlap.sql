-- Bands with a gap at 59.
update rules.health_bands set max_score = 58 where health_model = 'value_v2' and band = 'Unhealthy';

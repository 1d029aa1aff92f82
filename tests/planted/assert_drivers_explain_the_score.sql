-- Drivers whose lost points do not add up to 100 minus the score.
update analytics.fct_health_drivers set points_lost = points_lost / 2;

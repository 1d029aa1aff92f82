-- Drivers that explain less than the score lacks.
update analytics.fct_health_drivers set points_lost = points_lost / 2;

-- A leaver that the back-test does not count.
update analytics.rpt_health_backtest set churned = churned - 1 where churned > 0;

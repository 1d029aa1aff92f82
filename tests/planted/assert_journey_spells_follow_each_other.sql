-- A day on which a household is in no stage.
update analytics.fct_journey_stages set left_on = left_on - 1
where rowid = (select min(rowid) from analytics.fct_journey_stages where left_on is not null);

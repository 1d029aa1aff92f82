-- A score of 39 belongs to no level.
update rules.engagement_levels set max_score = 38 where max_score = 39;

-- One metric weighs more, and no other less.
update rules.engagement_metrics set weight = weight + 0.1 where metric = (select min(metric) from rules.engagement_metrics);

-- A net sentiment above 1.
update analytics.rpt_comment_themes set net_sentiment = 1.5 where channel = 'all';

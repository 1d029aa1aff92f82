-- An unscored message that is shown as neutral.
update analytics.fct_message_sentiment set compound = null, sentiment = 'Neutral', unscored_reason = null
where message_id = (select min(message_id) from analytics.fct_message_sentiment);

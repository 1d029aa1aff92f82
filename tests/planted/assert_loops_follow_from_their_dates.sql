-- A loop that is called on time without a follow-up.
update analytics.fct_feedback_loops set status = 'on_time', followed_up_at = null, hours_to_follow_up = null;

-- More answers than surveys sent.
update analytics.rpt_survey_funnel set answered = sent + 1;

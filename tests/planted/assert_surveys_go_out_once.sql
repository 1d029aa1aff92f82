-- A survey that was missed a long time ago is to be sent.
update analytics.fct_survey_decisions set decision = 'send' where decision = 'missed';

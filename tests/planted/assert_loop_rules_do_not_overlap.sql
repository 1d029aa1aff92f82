-- A second rule for detractors.
insert into rules.feedback_loop_rules select * replace ('champion' as kind) from rules.feedback_loop_rules where min_score = 0;

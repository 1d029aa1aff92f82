-- A combination that is counted twice.
insert into analytics.rpt_micro_segments select * from analytics.rpt_micro_segments limit 1;

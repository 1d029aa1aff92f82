-- Raw events counted twice.
insert into intermediate.int_raw_event_counts select * from intermediate.int_raw_event_counts;

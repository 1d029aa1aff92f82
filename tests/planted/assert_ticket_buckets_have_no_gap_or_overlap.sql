-- Ranges that leave 5 out.
update rules.ticket_buckets set max_tickets = 4 where ticket_bucket = '3–5';

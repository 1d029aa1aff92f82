-- Ranges with a gap at 5.
update rules.ticket_buckets set max_tickets = 4 where ticket_bucket = '3–5';

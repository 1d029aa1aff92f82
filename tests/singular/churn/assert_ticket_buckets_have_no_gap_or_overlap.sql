-- Each number of tickets belongs to exactly one range.
select tickets.tickets, count(buckets.ticket_bucket) as buckets
from (select unnest(range(0, 1000)) as tickets) as tickets
left join {{ ref('ticket_buckets') }} as buckets
    on
        tickets.tickets >= buckets.min_tickets
        and (buckets.max_tickets is null or tickets.tickets <= buckets.max_tickets)
group by tickets.tickets
having count(buckets.ticket_bucket) <> 1

-- Hours lie between the creation of a ticket and what came of it, in that order.
select ticket_id, created_at, first_response_at, first_response_hours, resolved_at, resolution_hours
from {{ ref('fct_support_tickets') }}
where
    abs(first_response_hours - {{ dbt.datediff('created_at', 'first_response_at', 'second') }} / 3600.0) > 0.001
    or abs(resolution_hours - {{ dbt.datediff('created_at', 'resolved_at', 'second') }} / 3600.0) > 0.001
    or (first_response_at is null) <> (first_response_hours is null)
    or (resolved_at is null) <> (resolution_hours is null)

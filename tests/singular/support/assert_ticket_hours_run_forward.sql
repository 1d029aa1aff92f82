-- Response and resolution hours equal the time since the creation of the ticket.
with tickets as (
    select
        ticket_id,
        epoch(first_response_at) - epoch(created_at) as seconds_to_response,
        epoch(resolved_at) - epoch(created_at) as seconds_to_resolution,
        first_response_hours,
        resolution_hours
    from {{ ref('fct_support_tickets') }}
)

select *
from tickets
where
    abs(first_response_hours - seconds_to_response / 3600.0) > 0.001
    or abs(resolution_hours - seconds_to_resolution / 3600.0) > 0.001
    or (seconds_to_response is null) <> (first_response_hours is null)
    or (seconds_to_resolution is null) <> (resolution_hours is null)

-- Households with an open ticket of severity High or Critical: nothing is offered to them.
{%- set grave = "'" ~ var('grave_severities') | join("', '") ~ "'" %}
select distinct household_id
from {{ ref('fct_support_tickets') }}
where
    severity in ({{ grave }})
    and status not in ('solved', 'closed')
    and not is_merged

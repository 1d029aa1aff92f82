-- Households with an open ticket of severity High or Critical: nothing is offered to them.
select distinct household_id
from {{ ref('fct_support_tickets') }}
where severity in ('{{ var("grave_severities") | join("', '") }}') and status not in ('solved', 'closed') and not is_merged

{{ config(severity='warn') }}

-- Tickets in quarantine because nothing leads them to a household: one line that says how many and how to link them.
select
    count(*) as tickets_without_household,
    min(row_key) as example,
    'write the household into organization.external_id or the app user into user.external_id of the desk, or set var '
    || 'link_by_email: docs/raw-data.md' as what_to_do
from {{ ref('quarantine_zendesk') }}
where table_name = 'ticket' and reason = 'unknown_household'
having count(*) > 0

{{ config(severity='warn') }}

-- Companies of the CRM in quarantine because nothing leads them to a household: one line that says how many and how to link them.
select
    count(*) as companies_without_household,
    min(row_key) as example,
    'write the household into a property of the company and name it in var hubspot_household_property, or set var '
    || 'link_by_domain: docs/raw-data.md' as what_to_do
from {{ ref('quarantine_hubspot') }}
where table_name = 'company' and reason = 'unknown_household'
having count(*) > 0

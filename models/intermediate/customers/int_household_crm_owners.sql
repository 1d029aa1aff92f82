-- The owner of a household in the CRM. An assignment without a date counts as older than any dated one.
select
    household_id,
    max_by(owner_id, (coalesce(assigned_at, timestamp '1900-01-01'), company_id)) as crm_owner_id
from {{ ref('stg_hubspot__company') }}
where owner_id is not null and household_id is not null
group by household_id

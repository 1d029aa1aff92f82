with answers as (
    select r.response_id, i.invitation_id
    from staging.stg_survey__response as r
    left join staging.stg_survey__invitation as i using (invitation_id)
)

select
    'organisations of the desk without household' as item,
    count(*) as observed
from quarantine.quarantine_zendesk
where table_name = 'organization' and reason = 'unknown_household'
union all
select 'share of answers without invitation', 1 - count(invitation_id) / count(*)
from answers
having count(*) > 0

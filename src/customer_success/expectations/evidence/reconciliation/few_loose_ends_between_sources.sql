select 'desk organisations without household' as item, count(*) as observed
from quarantine.quarantine_zendesk where table_name = 'organization' and reason = 'unknown_household'
union all
select
    'share of answers without invitation',
    count(*) filter (where r.invitation_id is null or i.invitation_id is null) / count(*)
from staging.stg_survey__response as r left join staging.stg_survey__invitation as i using (invitation_id)
having count(*) > 0

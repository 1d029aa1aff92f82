select household_id, feature_name, min(event_at) as first_used_at, max(event_at) as last_used_at, count(*) as uses
from {{ ref('fct_household_activity') }}
where feature_name is not null
group by household_id, feature_name

{{ config(severity='warn') }}

-- Lists regions that are not in seed regions, with the line to add. They are kept as they are written and are segments of their
-- own, so the build goes on.
select
    households.region,
    count(*) as households,
    concat('seeds/rules/customers/regions.csv: ', households.region, ',"what it covers"') as line_to_add
from {{ ref('stg_app__households') }} as households
anti join {{ ref('regions') }} as regions on households.region = regions.region
where households.region is not null
group by households.region

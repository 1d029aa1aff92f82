-- Receipts of steps that reached a household, by the program of growth to which their playbook belongs.
select
    deliveries.message_key,
    deliveries.status,
    deliveries.household_id,
    playbooks.program,
    deliveries.occurred_at,
    cast(deliveries.occurred_at as date) as occurred_on
from {{ ref('stg_cs__deliveries') }} as deliveries
inner join {{ ref('growth_playbooks') }} as playbooks on deliveries.playbook = playbooks.playbook
where
    deliveries.household_id is not null
    and deliveries.status in ('{{ var("reached_statuses") | join("', '") }}')

-- Rules in the shape of the joins below. `recount.build` has the date of the build and which raw tables exist.

-- Plans numbered by rank, so that two of one rank stay two; 0 is the plan of those without a subscription.
create table recount.ranked_plans as
select
    plan_type,
    stripe_product_name,
    cast(row_number() over (order by plan_rank, plan_type) - 1 as integer) as plan_rank
from recount.plans;

-- Adoption counts advanced and premium features: one bit for each.
create table recount.adoptable as
select
    feature_name,
    cast(repeat('0', place - 1) || '1' || repeat('0', features - place) as bit) as feature
from (
    select
        feature_name,
        cast(row_number() over (order by feature_name) as integer) as place,
        cast(count(*) over () as integer) as features
    from recount.features
    where tier in ('advanced', 'premium')
);

-- Tags that give a level or say that a ticket was merged; a pattern that ends with * is a prefix, and without a value the rest
-- of the tag is its value.
create table recount.level_tags as
select
    dimension,
    value,
    replace(tag_pattern, '*', '') as prefix,
    ends_with(tag_pattern, '*') as is_prefix
from recount.ticket_tags
where dimension in ('urgency', 'impact', 'merged');

create table recount.promised_hours as
select given.urgency, given.impact, given.zendesk_priority, ticket_slas.resolution_sla_hours as hours
from (
    select urgency, impact, null as zendesk_priority, priority from recount.ticket_priorities
    union all
    select null, null, zendesk_priority, priority from recount.zendesk_priorities
) as given
left join recount.ticket_slas
    on given.priority = ticket_slas.priority;

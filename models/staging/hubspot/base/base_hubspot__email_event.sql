{{ config(materialized='table') }}

with landed as (
    {{ raw_rows('hubspot', 'email_event', key=['id'], own_date='created') }}
),

-- The tables beside it say what an event was; its type says it too.
kinds as (
    {%- for kind in ['sent', 'open', 'click'] %}
    select id, '{{ kind }}' as kind from {{ ref('base_hubspot__email_event_' ~ kind) }} where row_class = 'staged'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

raw_rows as (
    select landed.* replace (coalesce(kinds.kind, landed.type) as type)
    from landed
    left join (select id, min(kind) as kind from kinds group by id) as kinds on landed.id = kinds.id
),

-- Of several contacts with one address the one with the lowest id.
contacts as (
    select
        lower(trim(email)) as address,
        min_by(struct_pack(contact_id := id, company_id := company_id, household_id := household_id), id) as person
    from {{ ref('base_hubspot__contact') }}
    where is_readable and trim(email) <> ''
    group by lower(trim(email))
),

with_household as (
    select
        raw_rows.*,
        contacts.person.contact_id as contact_id,
        contacts.person.company_id as company_id,
        contacts.person.household_id as household_id,
        case when contacts.address is not null then 'known' else 'unknown' end as household_state
    from raw_rows
    left join contacts on lower(trim(raw_rows.recipient)) = contacts.address
)

{{ with_row_class('with_household', key=['id']) }}

with raw_measures as (
    select * from {{ ref('int_raw_row_counts') }}
    union all
    select * from {{ ref('int_raw_amounts') }}
),

-- Where a mart has the grain of a raw table, its rows are reconciled too.
mart_values as (
    select 'app' as source, 'households' as entity, 'rows' as measure, count(*) as mart_value from {{ ref('int_households') }}
    union all
    select 'app', 'household_members', 'rows', count(*) from {{ ref('dim_members') }}
    union all
    select 'product', 'events', 'rows', count(*) from {{ ref('fct_events') }}
    union all
    select 'zendesk', 'ticket', 'rows', count(*) from {{ ref('fct_support_tickets') }}
    union all
    select 'survey', 'invitation', 'rows', count(*) from {{ ref('fct_survey_invitations') }}
    union all
    select 'hubspot', 'owner', 'rows', count(*) from {{ ref('dim_csms') }}
    union all
    select 'stripe', 'charge', 'rows', count(*) from {{ ref('fct_payments') }}
    union all
    select 'stripe', 'charge', 'amount', coalesce(sum(amount), 0)
    from {{ ref('fct_payments') }}
    where currency = '{{ var("reporting_currency") | lower }}'
),

compared as (
    select
        raw_measures.*,
        mart_values.mart_value,
        raw_measures.raw_value - raw_measures.staged_value - raw_measures.quarantined - raw_measures.erased
        - raw_measures.duplicates - raw_measures.superseded - raw_measures.deleted - raw_measures.not_live
        - raw_measures.after_as_of_date as lost_before_staging,
        coalesce(raw_measures.staged_value - mart_values.mart_value, 0) as lost_after_staging,
        unlinked.unlinked_customers,
        unlinked.unlinked_mrr
    from raw_measures
    left join mart_values
        on
            raw_measures.source = mart_values.source
            and raw_measures.entity = mart_values.entity
            and raw_measures.measure = mart_values.measure
    left join {{ ref('int_unlinked_customers') }} as unlinked
        on (raw_measures.source, raw_measures.entity, raw_measures.measure) = ('stripe', 'customer', 'rows')
)

select
    source,
    entity,
    measure,
    cast(raw_value as decimal(18, 2)) as raw_value,
    cast(staged_value as decimal(18, 2)) as staged_value,
    cast(mart_value as decimal(18, 2)) as mart_value,
    cast(quarantined as decimal(18, 2)) as quarantined,
    cast(duplicates as decimal(18, 2)) as duplicates,
    cast(superseded as decimal(18, 2)) as superseded,
    cast(deleted as decimal(18, 2)) as deleted,
    cast(not_live as decimal(18, 2)) as not_live,
    cast(erased as decimal(18, 2)) as erased,
    cast(after_as_of_date as decimal(18, 2)) as after_as_of_date,
    unlinked_customers,
    cast(unlinked_mrr as decimal(18, 2)) as unlinked_mrr,
    cast(abs(lost_before_staging) + abs(lost_after_staging) as decimal(18, 2)) as discrepancy,
    case when lost_before_staging = 0 and lost_after_staging = 0 then 'reconciled' else 'unreconciled' end as status
from compared

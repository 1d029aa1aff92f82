-- Share won within 90 days of the spells that opened in the year that ends 90 days ago; null below the smallest sample.
with types as (
    select opportunity_type from {{ ref('opportunity_types') }}
),

spells as (
    select
        opportunity_type,
        count(*) as opened,
        count(*) filter (where status = 'won' and status_at - identified_at <= {{ var('opportunity_outcome_days') }}) as won
    from {{ ref('int_opportunity_spells') }}
    where
        identified_at between {{ as_of_date() }} - {{ var('opportunity_outcome_days') + var('opportunity_study_days') }}
        and {{ as_of_date() }} - {{ var('opportunity_outcome_days') }}
    group by opportunity_type
)

{%- set known = 'spells.opened >= ' ~ var('opportunity_min_n') %}

select
    types.opportunity_type,
    coalesce(spells.opened, 0) as probability_n,
    case when {{ known }} then spells.won / spells.opened end as probability,
    case when {{ known }} then {{ wilson_bound('spells.won', 'spells.opened', '-') }} end as probability_ci_low,
    case when {{ known }} then {{ wilson_bound('spells.won', 'spells.opened', '+') }} end as probability_ci_high
from types
left join spells on types.opportunity_type = spells.opportunity_type

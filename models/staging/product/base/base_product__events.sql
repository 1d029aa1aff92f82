-- depends_on: {{ ref('base_product__event_window') }}
{{ config(
    materialized='incremental',
    meta={'date_column': 'received_at', 'households': none},
    post_hook="{{ log_touched_days(
        '(select first_event_day from ' ~ ref('base_product__event_window') ~ ')',
        '(select lost_households from ' ~ ref('base_product__event_window') ~ ')'
    ) }}"
) }}

{%- set visible_rows = 'received_at < ' ~ as_of_end() ~ ' or received_at is null' -%}
{%- set new_rows = '(received_at >= ' ~ first_day() ~ ' or received_at is null)' if is_incremental() %}

with raw_rows as (
    {{ raw_rows(
        'product', 'events', key=['event_id'], own_date='received_at', is_delivered=true,
        where='(' ~ visible_rows ~ ')' ~ (' and ' ~ new_rows if is_incremental() else '')
    ) }}
),

{% if is_incremental() -%}
delivered_before as (
    select event_id from {{ this }}
    where received_at < {{ first_day() }} and row_class not in ('duplicate', 'deleted')
    and quarantine_reason is distinct from 'bad_timestamp'
    and event_id in (select event_id from raw_rows)
),

ranked as (
    select raw_rows.* replace (case when delivered_before.event_id is not null then key_rank + 1 else key_rank end as key_rank)
    from raw_rows
    left join delivered_before on raw_rows.event_id = delivered_before.event_id
),
{%- else -%}
ranked as (
    select * from raw_rows
),
{%- endif %}

with_household as (
    {{ with_household_state('ranked') }}
),

classified as (
    {{ with_row_class(
        'with_household',
        key=['event_id'],
        is_delivered=true,
        other={
            'occurred_after_received':
                'occurred_at > received_at + interval ' ~ var('clock_skew_tolerance_hours') ~ ' hour'
        }
    ) }}
)

select
    * exclude (household_state),
    -- A device's clock may run ahead, so event_at is never later than received_at.
    least(occurred_at, received_at) as event_at,
    cast(least(occurred_at, received_at) as date) as event_date
from classified

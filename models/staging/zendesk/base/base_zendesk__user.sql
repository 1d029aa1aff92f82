{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('zendesk', 'user', key=['id']) }}
)

{{ with_row_class(
    'raw_rows',
    key=['id'],
    has_household=false,
    has_own_date=false,
    other={'bad_value': 'role is not null and ' ~ is_unknown_word('role', 'zendesk_user_roles')},
    is_referred_to=true
) }}

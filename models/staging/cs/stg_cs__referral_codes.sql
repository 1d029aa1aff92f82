select
    household_id,
    referral_code,
    issued_at,
    _fivetran_synced
from {{ ref('base_cs__referral_codes') }}
where row_class = 'staged'

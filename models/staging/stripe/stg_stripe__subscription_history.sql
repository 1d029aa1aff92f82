select {{ subscription_version_columns() }}
from {{ ref('base_stripe__subscription_history') }}
where row_class = 'staged'

select
    source || ', loaded ' || round(age_hours, 1) || ' hours before the end of the last day' as item,
    greatest(age_hours - int_var('freshness_warn_hours'), 0) as observed
from source_ages

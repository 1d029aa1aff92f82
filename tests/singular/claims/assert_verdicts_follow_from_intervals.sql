-- Intervals and p-values of a change agree within a tolerance: if 0 is clearly inside the interval, the p-value is large; if
-- clearly outside, small. A corrected p-value is never smaller than the uncorrected one.
with changes as (
    select *, ci_high - ci_low as width
    from {{ ref('fct_claim_verdicts') }}
    where p_value is not null and ci_low is not null and scale = 'absolute'
)

select claim_id, difference, ci_low, ci_high, p_value, p_value_corrected, verdict
from changes
where
    (p_value < 0.05 and ci_low < -0.1 * width and ci_high > 0.1 * width)
    or (p_value >= 0.05 and (ci_low > 0.1 * width or ci_high < -0.1 * width))
    or p_value_corrected < p_value
    or difference not between ci_low and ci_high

-- Intervals and p-values of a change agree, apart from a hair: where no difference lies far inside the interval, or far
-- outside, the p-value says so too; and a correction never makes a p-value smaller.
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

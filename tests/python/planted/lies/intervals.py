"""Lies about uncertainty: an interval that is narrower than the sample allows, or of something else."""

from __future__ import annotations

from ..lie import Lie, Replace

KIND = "intervals"
CHECK = "intervals"
VALUES = "models/marts/metrics/fct_metric_values.sql"
METHODS = "src/customer_success/statistics/intervals.py"


def _lie(name: str, file: str, honest: str, planted: str) -> Lie:
    return Lie(name, KIND, (Replace(file, honest, planted),), CHECK)


LIES = [
    _lie(
        "Intervals of shares are half as wide",
        METHODS,
        "return np.clip(centre - half, 0, share), np.clip(centre + half, share, 1)",
        "return np.clip(centre - half / 2, 0, share), np.clip(centre + half / 2, share, 1)",
    ),
    _lie(
        "Means have the interval of 90%",
        METHODS,
        "half = stdtrit(total - 1, (1 + confidence) / 2) * spread / np.sqrt(total)",
        "half = stdtrit(total - 1, 0.95) * spread / np.sqrt(total)",
    ),
    _lie(
        "NPS intervals leave out the pseudo-responses",
        METHODS,
        "PSEUDO_RESPONSES, PSEUDO_SHARE = 3.0, 0.75",
        "PSEUDO_RESPONSES, PSEUDO_SHARE = 0.0, 0.0",
    ),
    _lie(
        "Intervals of money are drawn towards the value",
        VALUES,
        "        {{ nan_to_null('intervals.ci_low') }} as ci_low,\n",
        "        case when grid.ci_method = 'bootstrap_households'\n"
        "            then components.value - (components.value - {{ nan_to_null('intervals.ci_low') }}) / 3\n"
        "            else {{ nan_to_null('intervals.ci_low') }} end as ci_low,\n",
    ),
    _lie(
        "An interval is that of another segment",
        VALUES,
        "        {{ nan_to_null('intervals.ci_high') }} as ci_high,\n",
        "        max({{ nan_to_null('intervals.ci_high') }})\n"
        "            over (partition by grid.metric, grid.period_start) as ci_high,\n",
    ),
]

"""Mean ratings of reviews, with intervals that treat the reviews of one household as one observation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_success.statistics import mean_intervals

LOWEST, HIGHEST = 1, 5


def rating_intervals(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return platform, rating_n, mean_rating, ci_low, ci_high, one row per platform with a rating, in order.

    ``reviews``: platform, household_id, rating (1 to 5 stars; unknown ones are left out). The standard error
    is that of sums by household (Liang and Zeger 1986, with households / (households - 1)), the interval
    Student's t with households - 1 degrees of freedom, cut at 1 and 5. Ends are NaN where there is one
    household, or no variation between households.
    """
    rated = reviews.dropna(subset="rating").astype({"rating": "float64"})
    means = rated.groupby("platform")["rating"].agg(mean_rating="mean", rating_n="size")
    parts = rated.assign(part=rated["rating"] - rated["platform"].map(means["mean_rating"]))
    by_household = parts.groupby(["platform", "household_id"])["part"].sum().groupby("platform")
    households, squares = by_household.size(), by_household.agg(lambda part: np.square(part).sum())
    # mean_intervals divides by the root of the households: what stands here is that times the standard error.
    spread = households / means["rating_n"] * np.sqrt(squares / (households - 1).where(households > 1))
    limits = mean_intervals(means["mean_rating"], spread, households)[["ci_low", "ci_high"]]
    return means.join(limits.clip(LOWEST, HIGHEST)).reset_index()

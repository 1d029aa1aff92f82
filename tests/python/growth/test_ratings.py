"""Ratings of reviews: their mean, and an interval whose observations are households."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t
from statsmodels.stats.weightstats import DescrStatsW

from customer_success.growth import rating_intervals


def of(*rows):
    return rating_intervals(pd.DataFrame(rows, columns=["platform", "household_id", "rating"]))


def test_one_review_per_household_gives_students_interval():
    (row,) = of(*(("p", str(n), star) for n, star in enumerate([2, 3, 3, 4, 5]))).to_dict("records")
    assert (row["platform"], row["rating_n"], row["mean_rating"]) == ("p", 5, pytest.approx(3.4))
    expected = DescrStatsW([2, 3, 3, 4, 5]).tconfint_mean()
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(expected)


def test_reviews_of_one_household_are_one_observation():
    (row,) = of(("p", "a", 4), ("p", "a", 4), ("p", "b", 3), ("p", "c", 3)).to_dict("records")
    error = np.sqrt((1 + 2 * 0.25) * 3 / 2) / 4
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(
        (max(1, 3.5 - t.ppf(0.975, 2) * error), min(5, 3.5 + t.ppf(0.975, 2) * error))
    )


def test_ends_stay_among_the_stars():
    (row,) = of(("p", "a", 1), ("p", "b", 5)).to_dict("records")
    assert (row["ci_low"], row["ci_high"]) == (1, 5)


@pytest.mark.parametrize("rows", [[("p", "a", 5), ("p", "a", 1)], [("p", "a", 4), ("p", "b", 4)]])
def test_one_household_or_no_variation_has_no_interval(rows):
    (row,) = of(*rows).to_dict("records")
    assert (row["rating_n"], np.isnan(row["ci_low"]), np.isnan(row["ci_high"])) == (2, True, True)


def test_unknown_ratings_are_left_out_and_nothing_gives_nothing():
    assert list(of(("p", "a", 4), ("p", "b", None), ("q", "a", None))["rating_n"]) == [1]
    assert of().empty

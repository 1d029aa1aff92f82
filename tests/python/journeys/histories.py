"""Random histories of households, week by week, for the tests of the lifecycle."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from machine import QUIET, SUNDAY, week_of

from customer_success.journeys import STAGES, Week

WEEKS = 12
NEAR = {
    "health": [None, 39, 40, 59, 60, 69, 70, 79, 80],
    "login_days": [None, 0, 14, 15],
    "tickets": [None, 0, 2, 3],
    "nps": [None, 6, 8, 9],
    "is_trialing": [False, True],
    "progress": [None, 0, 0.49, 0.5, 0.75, 0.8, 1.0],
    "renewal_days": [None, 0, 60, 61],
    "opportunities": [None, 0, 1],
    "override": [None] * 12 + list(STAGES[:8]),
}
# What differs from a quiet week, or None where the household has churned.
WEEK = st.one_of(
    st.none(),
    st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in NEAR.items()}),
)
ROWS = st.lists(
    st.tuples(st.integers(0, 120), st.lists(WEEK, min_size=WEEKS, max_size=WEEKS).map(tuple)),
    min_size=1,
    max_size=4,
)


@dataclass(frozen=True)
class Histories:
    """Per household the days from signup to the first Sunday, and its weeks (`WEEK`)."""

    households: tuple[tuple[int, tuple[dict | None, ...]], ...]

    @property
    def size(self) -> int:
        return len(self.households)

    def rows(self, at: int) -> list[dict | None]:
        """The weeks of a household as the machine sees them."""
        tenure, weeks = self.households[at]
        rows, since, is_return = [], -tenure, False
        for number, week in enumerate(weeks):
            day = 7 * number
            if week is None:
                rows.append(None)
                since, is_return = day + 1, True
                continue
            since = min(since, day)
            own = {"days_since_signup": day + tenure, "days_in_period": day - since, "is_return": is_return}
            rows.append(QUIET | week | own)
        return rows

    def weeks(self) -> list[Week]:
        """The weeks in which anybody is a customer."""
        rows = [self.rows(at) for at in range(self.size)]
        found = []
        for number in range(len(rows[0])):
            present = {at: of_home[number] for at, of_home in enumerate(rows) if of_home[number] is not None}
            if present:
                found.append(week_of(SUNDAY + 7 * number, present))
        return found

    def changed_from(self, first: int, other: Histories) -> Histories:
        """The same households until a week, and then what others did."""
        news = [other.households[at % other.size][1] for at in range(self.size)]
        return Histories(
            tuple(
                (tenure, weeks[:first] + later[first:])
                for (tenure, weeks), later in zip(self.households, news, strict=True)
            )
        )


HISTORIES = ROWS.map(lambda rows: Histories(tuple(rows))).filter(lambda found: bool(found.weeks()))

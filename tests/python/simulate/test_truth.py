"""The probabilities of the truth are right: against the latent history and against raw data."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from customer_success.simulate.clock import Calendar
from customer_success.simulate.parameters import Config
from customer_success.simulate.run import calendar_of, latent_block
from customer_success.simulate.truth import leave_by_day, probabilities


@pytest.fixture(scope="module")
def rows():
    config = Config(households=6_000, days=500, seed=3, end_date=date(2026, 6, 30))
    parts = []
    for block in range(12):
        people, latent, _ = latent_block(config, block)
        part = probabilities(people, latent, calendar_of(config), config.story)
        part["row"] = part["row"] + 1_000 * block
        parts.append(part)
    return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}


def _error_by_household(rows, mask):
    """Mean of outcome minus probability, and its standard error over households."""
    gap = (rows["leaves"] - rows["p"])[mask]
    sums = np.bincount(rows["row"][mask], weights=gap)
    return gap.mean(), np.sqrt((sums**2).sum()) / mask.sum()


def test_calibrated_overall_and_in_bins(rows):
    present = rows["present"]
    gap, error = _error_by_household(rows, present)
    assert abs(gap) < 3 * error + 0.05 * rows["p"][present].mean()
    edges = np.quantile(rows["p"][present], np.linspace(0, 1, 7))
    for low, high in pairwise(edges):
        mask = present & (rows["p"] >= low) & (rows["p"] <= high)
        gap, error = _error_by_household(rows, mask)
        assert abs(gap) < 4 * error + 0.07 * rows["p"][mask].mean()


@pytest.mark.parametrize("plan", [0, 1, 2])
def test_calibrated_by_plan(rows, plan):
    mask = rows["present"] & (rows["plan"] == plan)
    gap, error = _error_by_household(rows, mask)
    assert abs(gap) < 4 * error + 0.12 * rows["p"][mask].mean()


def test_a_silent_departure_is_certain(rows):
    gone = ~rows["present"]
    assert gone.any()
    assert set(np.unique(rows["p"][gone])) <= {0.0, 1.0}
    assert (rows["p"][gone] == rows["leaves"][gone]).all()


def test_probability_rises_as_effort_falls():
    config = Config(households=500, days=200, seed=5, end_date=date(2026, 6, 30))
    people, _, _ = latent_block(config, 0)
    table = leave_by_day(people, config.story)
    assert (np.diff(table, axis=-1) >= 0).all()
    assert table.min() >= 0 and table.max() < 1
    by_effort = table[:, 0, 0::2, -1]
    assert (np.diff(by_effort, axis=1) > 0).all()


def test_about_the_intended_share_leaves_each_month(rows):
    assert 0.015 < rows["p"][rows["present"]].mean() < 0.045


def test_agrees_with_the_label_computed_from_raw_data(db, config):
    """The label of the project, from events, accounts and subscription versions alone."""
    db.execute(f"""
        create or replace temp table day as
        select id as h, closed_at::date as closed,
               unnest(generate_series(created_at::date, date '{config.end_date}', interval 1 day))
                 ::date as d
        from app.households;
        create or replace temp table active as
        select distinct e.household_id as h, least(occurred_at, received_at)::date as d
        from product.events e join app.household_members m using (household_id, user_id)
        where e.event_id is not null and m.id not like 'sim_bad%'
          and occurred_at <= received_at + interval 24 hour
          and least(occurred_at, received_at)::date >= m.joined_at::date
          and (m.left_at is null or least(occurred_at, received_at)::date < m.left_at::date)
        union select id, created_at::date from app.households;
        create or replace temp table in_force as
        with v as (
          select c.metadata->>'household_id' as h, s.id, s.status, _fivetran_start::date as d,
                 lead(_fivetran_start::date) over w as following
          from stripe.subscription_history s join stripe.customer c on c.id = s.customer_id
          window w as (partition by s.id order by _fivetran_start))
        select distinct h, unnest(generate_series(
            d, coalesce(following, date '{config.end_date}' + 1) - 1, interval 1 day))::date as d
        from v where status in ('active', 'trialing', 'past_due');
        create or replace temp table state as
        select h, d, closed, last_active,
               (closed is not null and d >= closed) or (last_active <= d - 30 and not paid) as out
        from (select day.h, day.d, closed, f.d is not null as paid,
                     max(a.d) over (partition by day.h order by day.d) as last_active
              from day left join active a on a.h = day.h and a.d = day.d
              left join in_force f on f.h = day.h and f.d = day.d);
        create or replace temp table spell as
        select s.h, s.d as churned_at,
               case when s.closed = s.d then s.d else greatest(s.last_active, coalesce(
                 (select max(f.d) + 1 from in_force f where f.h = s.h and f.d < s.d
                    and f.d >= s.d - 31), s.last_active)) end as left_at
        from (select *, lag(out) over (partition by h order by d) as before from state) s
        where s.out and not coalesce(before, false)
    """)
    agree, n, missing = db.sql(f"""
        with t as (select * from truth.leave_probability
                   where snapshot_date + 61 <= date '{config.end_date}'),
        y as (select t.*, exists (select 1 from spell s where s.h = t.household_id
                and s.churned_at > t.snapshot_date and s.left_at <= t.snapshot_date + 30) as label
              from t)
        select avg((label = leaves_30d)::int), count(*),
               (select count(*) from state s anti join truth.leave_probability p
                  on p.household_id = s.h and p.snapshot_date = s.d
                where not s.out and dayofweek(s.d) = 0 and s.d < date '{config.end_date}')
        from y""").fetchone()
    assert n > 10_000
    assert agree > 0.999
    assert missing <= 0.001 * n


def test_renewals_keep_the_day_of_the_month():
    calendar = Calendar(date(2026, 6, 30), 700)
    anchor = np.array([calendar.days - 151])  # 2026-01-31
    day, seen = anchor, []
    for _ in range(4):
        day = calendar.next_renewal(anchor, np.array([0]), day)
        seen.append(str(np.datetime64(int(day[0]) + calendar.epoch, "D")))
    assert seen == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]

"""Same input, same bytes; the wanted number of events; all or nothing; the command line."""

import hashlib
from datetime import date
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from customer_success.simulate import run
from customer_success.simulate.__main__ import main
from customer_success.simulate.landing import LANDED
from customer_success.simulate.parameters import CONNECTORS, Config

SMALL = {"households": 620, "days": 90, "seed": 4, "end_date": date(2025, 12, 31)}


def digests(folder: Path) -> dict[str, str]:
    files = sorted(f for f in folder.rglob("*") if f.is_file())
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    base = tmp_path_factory.mktemp("small")
    run.generate(Config(**SMALL), base / "raw", base / "truth")
    return base


def test_same_bytes_again_with_more_workers_and_other_buckets(small, tmp_path, monkeypatch):
    buckets = run.EventSorter
    monkeypatch.setattr(run, "EventSorter", lambda f, c, expected: buckets(f, c, 9e6))
    run.generate(Config(**SMALL), tmp_path / "raw", tmp_path / "truth", workers=2)
    assert digests(small) == digests(tmp_path)


def test_the_landed_shape_is_the_same_with_more_workers_and_another_total(tmp_path):
    landed = SMALL | {"shape": CONNECTORS}
    for name, households, workers in (("one", 620, 1), ("two", 620, 2), ("few", 500, 1)):
        config = Config(**landed | {"households": households})
        run.generate(config, tmp_path / name / "raw", tmp_path / name / "truth", workers=workers)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    for table in ("stripe/subscription_item", "hubspot/email_event", "survey/invitation"):
        few, many = (pq.read_table(tmp_path / n / "raw" / f"{table}.parquet") for n in ("few", "one"))
        assert few.num_rows > 0
        assert many.slice(0, few.num_rows).equals(few)


def test_what_lands_in_one_shape_is_simulated_in_the_other(small, tmp_path):
    run.generate(Config(**SMALL | {"shape": CONNECTORS}), tmp_path / "raw", tmp_path / "truth")
    before, after = digests(small), digests(tmp_path)
    for name in (
        "raw/app/tasks.parquet",
        "raw/app/feature_settings.parquet",
        "truth/leave_probability.parquet",
    ):
        assert before[name] == after[name]


@pytest.mark.parametrize(
    "households,days,seed", [(1, 60, 1), (1, 60, 3), (2, 60, 4), (5, 60, 8), (40, 90, 2)]
)
def test_small_companies_land(tmp_path, households, days, seed):
    config = Config(households, days, seed, date(2026, 6, 30), shape=CONNECTORS)
    run.generate(config, tmp_path / "raw", tmp_path / "truth")
    files = {f"{f.parent.name}.{f.stem}" for f in (tmp_path / "raw").glob("*/*.parquet")}
    assert files == set(LANDED)


def test_a_shape_that_is_none():
    with pytest.raises(ValueError, match="shape must be one of older, connectors"):
        Config(**SMALL | {"shape": "star"})


def test_another_seed_is_another_data_set(small, tmp_path):
    run.generate(Config(**SMALL | {"seed": 5}), tmp_path / "raw", tmp_path / "truth")
    changed = digests(tmp_path)
    same = {name for name, value in digests(small).items() if changed[name] == value}
    constant = {
        "raw/stripe/product.parquet",
        "raw/stripe/price.parquet",
        "raw/hubspot/owner.parquet",
        "raw/cs/advocacy_activities.parquet",  # nobody is there for long enough
    }
    assert same <= constant | {"truth/bad_rows.parquet"}


def test_a_household_does_not_depend_on_how_many_there_are(small, tmp_path):
    run.generate(Config(**SMALL | {"households": 500}), tmp_path / "raw", tmp_path / "truth")
    few = pq.read_table(tmp_path / "raw/app/households.parquet")
    many = pq.read_table(small / "raw/app/households.parquet")
    assert many.slice(0, few.num_rows).equals(few)


@pytest.mark.parametrize("wanted", [25_000, 150_000])
def test_number_of_events(tmp_path, wanted):
    config = Config(**SMALL | {"events": wanted})
    rows = run.generate(config, tmp_path / "raw", tmp_path / "truth")
    assert abs(rows["product.events"] / wanted - 1) < 0.10


def test_without_bad_rows(tmp_path):
    config = Config(**SMALL | {"households": 60, "bad_rows": False})
    run.generate(config, tmp_path / "raw", tmp_path / "truth")
    assert not (tmp_path / "truth/bad_rows.parquet").exists()
    charges = pq.read_table(tmp_path / "raw/stripe/charge.parquet").to_pandas()
    assert charges["id"].is_unique and (charges["amount"] > 0).all()


def test_an_interrupted_run_leaves_what_was_there(tmp_path, monkeypatch):
    raw, truth = tmp_path / "raw", tmp_path / "truth"
    raw.mkdir()
    (raw / "before").write_text("here")

    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "make_block", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.generate(Config(**SMALL), raw, truth)
    assert [f.name for f in tmp_path.iterdir()] == ["raw"]
    assert (raw / "before").read_text() == "here"


def test_a_finished_run_replaces_the_folders(tmp_path):
    raw, truth = tmp_path / "raw", tmp_path / "truth"
    raw.mkdir()
    (raw / "before").write_text("here")
    run.generate(Config(**SMALL | {"households": 40}), raw, truth)
    assert not (raw / "before").exists()
    assert sorted(f.name for f in tmp_path.iterdir()) == ["raw", "truth"]
    assert sorted(f.name for f in truth.iterdir()) == [
        "bad_rows.parquet", "hazard.json", "households.parquet", "leave_probability.parquet",
        "referrals.parquet", "spells.parquet",
    ]  # fmt: skip


def test_command_line_writes_csv(tmp_path, capsys):
    arguments = "--households 30 --days 80 --seed 2 --end-date 2025-06-30 --format csv"
    places = ["--out", str(tmp_path / "raw"), "--truth", str(tmp_path / "truth")]
    assert main([*arguments.split(), *places]) == 0
    assert "product.events" in capsys.readouterr().out
    table = pyarrow.csv.read_csv(tmp_path / "raw/app/households.csv")
    assert table.num_rows >= 28
    assert (tmp_path / "raw/stripe/subscription_item.csv").exists()


def test_command_line_writes_the_older_shape(tmp_path):
    arguments = "--households 30 --days 80 --shape older"
    places = ["--out", str(tmp_path / "raw"), "--truth", str(tmp_path / "truth")]
    assert main([*arguments.split(), *places]) == 0
    assert not (tmp_path / "raw/stripe/subscription_item.parquet").exists()
    assert not (tmp_path / "truth/connectors").exists()


def test_the_truth_may_not_lie_among_the_sources(tmp_path):
    with pytest.raises(ValueError, match="folders of their own"):
        run.generate(Config(**SMALL), tmp_path / "raw", tmp_path / "raw" / "truth")


@pytest.mark.parametrize("bad", [["--households", "0"], ["--days", "3"], ["--events", "10"]])
def test_command_line_says_what_is_wrong(tmp_path, capsys, bad):
    places = ["--out", str(tmp_path / "raw"), "--truth", str(tmp_path / "truth")]
    assert main([*bad, *places]) == 2
    assert "simulate:" in capsys.readouterr().err
    assert not (tmp_path / "raw").exists()


def test_data_that_are_not_simulated_are_never_replaced(tmp_path, capsys):
    own = tmp_path / "raw" / "app" / "households.csv"
    own.parent.mkdir(parents=True)
    own.write_text("id\n1\n")
    arguments = ["--households", "5", "--days", "60", "--out", str(tmp_path / "raw")]
    assert main([*arguments, "--truth", str(tmp_path / "truth")]) == 2
    assert "are not replaced" in capsys.readouterr().err
    assert own.read_text() == "id\n1\n"


def test_simulated_data_are_replaced(tmp_path):
    arguments = ["--households", "20", "--days", "60", "--out", str(tmp_path / "raw")]
    for _ in range(2):
        assert main([*arguments, "--truth", str(tmp_path / "truth")]) == 0

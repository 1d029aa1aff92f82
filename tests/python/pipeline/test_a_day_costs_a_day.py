"""Another day or another folder is built without parsing the project again, and with its own values."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
from harness import DAY_ONE, END, PARTIAL_PARSE, RawFolder, Sandbox

from customer_success.building.arguments import AS_OF_DATE, RAW_DATA_PATH

PART = ("--select", "dim_dates", "--exclude-resource-type", "test", "unit_test")
PARSES_AGAIN = "Unable to do partial parsing"


@pytest.fixture(scope="module")
def sandbox(warehouse, tmp_path_factory) -> Sandbox:
    """A copy of the whole build, in whose target folder nothing is but the parsed project."""
    copy = warehouse.copy(tmp_path_factory.mktemp("days") / "sandbox")
    (copy.folder / "target").mkdir()
    shutil.copy2(warehouse.project.parsed / PARTIAL_PARSE, copy.folder / "target")
    return copy


def call(sandbox: Sandbox, *command: str, **told: str) -> tuple[int, str]:
    """Run a module in the sandbox, with the environment of a build and ``told``; return status and output."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DBT_", "CS_"))}
    done = subprocess.run(
        [sys.executable, "-m", *command, "--no-use-colors", *PART],
        cwd=sandbox.folder,
        env=inherited | {"CS_CONTRACTS": "true", "DO_NOT_TRACK": "1"} | told,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def built(sandbox: Sandbox) -> tuple:
    """The noted date and folder, the last day of the calendar, and the raw rows of pets."""
    noted = sandbox.rows("select as_of_date, vars ->> 'raw_data_path' from build.parameters")[0]
    return (
        *noted,
        sandbox.value("select max(date_day) from analytics.dim_dates"),
        sandbox.value("select count(*) from raw_app.pets"),
    )


def test_each_build_has_its_own_day_and_folder(sandbox, small_raw):
    """In one target folder, after a build as of END: the day changes first, then day and folder."""
    raw = RawFolder.copy_of(small_raw, sandbox.folder / "fewer pets")
    pets = raw.read("app.pets").num_rows
    raw.change("app.pets", "select * from rows limit 10")
    for day, folder, rows in ((DAY_ONE, "data/raw", pets), (END, "fewer pets", 10)):
        asked = ("--raw", folder, "--as-of", str(day))
        status, output = call(sandbox, "customer_success.build", *asked)
        assert status == 0, output
        assert PARSES_AGAIN not in output
        assert built(sandbox) == (day, folder, day, rows)


def test_vars_by_hand_are_heeded_and_not_contradicted(sandbox):
    """The first run parses, because it has other vars: so the words of `PARSES_AGAIN` are those of dbt."""
    variables = json.dumps({"as_of_date": str(DAY_ONE), "raw_data_path": "data/raw"})
    by_hand = ("dbt.cli.main", "build", "--vars", variables)
    status, output = call(sandbox, *by_hand, **{RAW_DATA_PATH: "elsewhere"})
    assert status != 0 and PARSES_AGAIN in output
    assert "raw_data_path is given twice: --vars say 'data/raw', CS_RAW_DATA_PATH says 'elsewhere'" in output
    status, output = call(sandbox, *by_hand, **{AS_OF_DATE: str(END)})
    assert status != 0 and f"the var is {DAY_ONE}, CS_AS_OF_DATE is {END}" in output
    status, output = call(sandbox, *by_hand)
    assert status == 0, output
    assert built(sandbox)[:3] == (DAY_ONE, "data/raw", DAY_ONE)

"""Raw data and builds that the tests share: simulated once, built once per test session."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from harness import CASES, CASES_AS_OF, DAY_ONE, END, Builds, Project, Sandbox
from hypothesis import settings

from customer_success.simulate.parameters import Config
from customer_success.simulate.run import generate

BUILT = {"builds", "warehouse", "project"}

# A busy machine is no defect, and a failure must repeat.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that share builds: they run in one process, the others beside them in another.

    A module that has builds of its own made (``offer_builds``) comes last: others run while they are made.
    """
    for item in items:
        if BUILT & set(item.fixturenames):
            item.add_marker("builds")
    items.sort(key=lambda item: hasattr(item.module, "offer_builds"))


@pytest.fixture(scope="session")
def small_raw(tmp_path_factory) -> Path:
    """A small company of 150 households and 400 days, bad rows included."""
    base = tmp_path_factory.mktemp("small")
    config = Config(households=150, days=400, seed=7, end_date=END)
    generate(config, base / "raw", base / "truth")
    return base / "raw"


@pytest.fixture(scope="session")
def project(tmp_path_factory) -> Project:
    """The dbt project at the start; later changes do not disturb the tests."""
    return Project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def builds(project, small_raw, tmp_path_factory, request):
    """Builds by name. `warehouse` has everything, tests included, as of END (found, not given).

    `day_one` has all models too, eight days earlier and untested. `connectors` is a build of the reports from
    the field. A test module may offer more by a function
    ``offer_builds(builds, project, small_raw, tmp_path_factory)``, which returns those to begin with.
    """
    base = tmp_path_factory.mktemp("sandboxes") / "with spaces"

    def fresh(name: str, as_of: date | None, tests: bool = False):
        sandbox = Sandbox(project, base / name, small_raw)
        return sandbox.build(as_of, tests=tests, unit_tests=tests)

    shared = Builds(
        {
            "warehouse": lambda _: fresh("warehouse", None, tests=True),
            "day_one": lambda _: fresh("day_one", DAY_ONE),
            "connectors": lambda _: Sandbox(project, base / "connectors", CASES).build(CASES_AS_OF),
        }
    )
    modules = dict.fromkeys(item.module for item in request.session.items)
    offered = [
        name
        for module in modules
        if hasattr(module, "offer_builds")
        for name in module.offer_builds(shared, project, small_raw, tmp_path_factory)
    ]
    if offered:
        shared.ahead("warehouse", "day_one", *offered)
    yield shared
    shared.close()


@pytest.fixture(scope="session")
def warehouse(builds) -> Sandbox:
    return builds["warehouse"]


@pytest.fixture(scope="session")
def warehouse_raw(small_raw) -> Path:
    return small_raw


@pytest.fixture(scope="session")
def warehouse_database(warehouse) -> Path:
    """A whole `dbt build` of the small company, with all of dbt's tests passed."""
    return warehouse.database

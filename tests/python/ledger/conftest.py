"""Companies that have published once or twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_company import Company


@pytest.fixture(scope="session", autouse=True)
def no_checks():
    """The companies here are too small for the checks of the project: their lock is not noted."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("customer_success.ledger.record.LOCK", Path("no lock"))
        yield


@pytest.fixture(scope="session")
def published_twice(tmp_path_factory, no_checks) -> Company:
    """Published on two days; NPS was another on the second."""
    company = Company(tmp_path_factory.mktemp("twice"))
    company.build().publish()
    return company.next_day(nps=42.0).build().publish()


@pytest.fixture
def company(published_twice, tmp_path) -> Company:
    """A copy of it that a test may damage."""
    shutil.copytree(published_twice.folder, tmp_path / "company")
    return Company(
        tmp_path / "company",
        published_twice.day,
        list(published_twice.households),
        dict(published_twice.values),
        dict(published_twice.hashes),
        published_twice.builds,
    )

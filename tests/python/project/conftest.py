"""Fixtures that the tests of the project share."""

from __future__ import annotations

import json

import pytest


@pytest.fixture(scope="module")
def manifest(warehouse) -> dict:
    """dbt's manifest of the project."""
    return json.loads((warehouse.project.parsed / "manifest.json").read_text())

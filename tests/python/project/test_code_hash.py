"""The hash of the code that makes a result."""

from __future__ import annotations

import pytest

from customer_success import code_hash as module

HASH = module.code_hash.__wrapped__  # without what it remembers


@pytest.fixture
def package(tmp_path, monkeypatch):
    (tmp_path / "churn" / "page").mkdir(parents=True)
    (tmp_path / "churn" / "fit.py").write_text("x = 1")
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    return tmp_path


def test_other_code_has_another_hash(package):
    found = [HASH("churn")]
    (package / "churn" / "fit.py").write_text("x = 2")
    found.append(HASH("churn"))
    (package / "churn" / "fit.py").rename(package / "churn" / "score.py")
    found.append(HASH("churn"))
    (package / "churn" / "more.py").write_text("")
    found.append(HASH("churn"))
    assert len(set(found)) == 4


def test_other_libraries_have_another_hash(package, monkeypatch):
    before = HASH("churn")
    monkeypatch.setattr(module, "version", lambda library: "0")
    assert HASH("churn") != before


def test_pages_within_do_not_count(package):
    before = HASH("churn")
    (package / "churn" / "page" / "card.py").write_text("y = 1")
    assert HASH("churn") == before


def test_a_folder_without_modules_is_refused(package):
    with pytest.raises(FileNotFoundError, match="nothing"):
        HASH("churn", "nothing")

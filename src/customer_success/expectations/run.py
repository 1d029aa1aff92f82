"""Carries out the validations: evidence from the working database, evaluated by Great Expectations.

The database is opened read-only, after dbt has closed it; results are written to `fct_validation_results`
once it is closed again, and as Data Docs. The same database gives the same results, sample included.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

import duckdb
import great_expectations as gx
import pandas as pd
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.data_context import EphemeralDataContext
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from customer_success.build_vars import build_vars
from customer_success.publish.places import memory_limit
from customer_success.sql import sql_text

from . import library
from .check import Check, Result, Suite
from .suites import SUITES

SAMPLE = 2000  # households of which each day is checked
SHOWN = 5
COLUMNS = {
    "agree": ["observed", "expected"],
    "rate": ["value", "numerator", "denominator", "scale"],
    "movement": library.MOVEMENT,
    "past": ["before", "now", "touched"],
    "between": ["observed"],
}
TEXT = {"before", "now"}
ALL = list(dict.fromkeys(["check", "item", *(name for names in COLUMNS.values() for name in names)]))

EVIDENCE = Path(__file__).with_name("evidence")


def validate(
    database: Path,
    *,
    docs: Path | None = None,
    earlier: Path | None = None,
    suites: Iterable[Suite] = SUITES,
) -> list[Result]:
    """Validate the build in ``database``, write its `fct_validation_results`, and return its rows.

    ``docs`` is the folder of the Data Docs, ``earlier`` a database of an earlier build (schema main or
    analytics), which past days are compared with. Vars are those that the build noted in build.parameters.
    Raises ``duckdb.Error`` where a mart is missing.
    """
    suites = list(suites)
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"set memory_limit = '{memory_limit()}'")
        prepare(connection)
        if earlier is not None and earlier.exists():
            show_earlier(connection, earlier)
        tables = _tables(connection)
        evidence = {
            suite.name: {
                check.key: collect(connection, check)
                for check in suite.checks
                if tables.issuperset(check.needs)
            }
            for suite in suites
        }
    results = evaluate(suites, evidence, docs)
    _write(database, results)
    return results


def prepare(connection: duckdb.DuckDBPyConnection, sample: int = SAMPLE) -> None:
    """Make the shared input of the suites: temporary tables, so that nothing is written to the database."""
    for file in sorted((EVIDENCE / "prepare").glob("*.sql")):
        sql = file.read_text(encoding="utf-8")
        connection.execute(sql, {"sample": sample} if "$sample" in sql else None)


def show_earlier(connection: duckdb.DuckDBPyConnection, earlier: Path) -> None:
    """Show the tables of an earlier build as temporary views `earlier_…`."""
    connection.execute(f"attach {sql_text(earlier)} as earlier (read_only)")
    for schema, table in connection.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where database_name = 'earlier' and schema_name in ('main', 'analytics')"
    ).fetchall():
        connection.execute(f"create temp view earlier_{table} as from earlier.{schema}.{table}")


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """List all tables and views as schema.table; temporary ones are in main."""
    rows = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
    ).fetchall()
    return {name for (name,) in rows}


def collect(connection: duckdb.DuckDBPyConnection, check: Check) -> pd.DataFrame:
    """Return one row per comparison of a check: ``check``, ``item`` and the columns of its kind."""
    if callable(check.evidence):
        rows = check.evidence(connection, build_vars(connection))
    else:
        sql = (EVIDENCE / f"{check.evidence}.sql").read_text(encoding="utf-8")
        rows = connection.execute(sql, check.parameters or None).df()
    for column in COLUMNS[check.kind]:
        if column not in TEXT:
            rows[column] = pd.to_numeric(rows[column]).astype(float)
    return rows.assign(check=check.key)[["check", "item", *COLUMNS[check.kind]]]


def evaluate(
    suites: Iterable[Suite], evidence: dict[str, dict[str, pd.DataFrame]], docs: Path | None = None
) -> list[Result]:
    """Let Great Expectations evaluate the evidence, one suite per subject; a check without any is skipped."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("evidence")
    results = []
    for suite in suites:
        checks = {check.key: check for check in suite.checks if check.key in evidence[suite.name]}
        if not checks:
            continue
        frames = [rows for key in checks if len(rows := evidence[suite.name][key])]
        frame = pd.concat(frames or [pd.DataFrame()]).reindex(columns=ALL)
        batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("comparisons")
        expectations = [_expectation(check) for check in checks.values()]
        definition = context.validation_definitions.add(
            gx.ValidationDefinition(
                name=suite.name,
                data=batch,
                suite=context.suites.add(gx.ExpectationSuite(suite.name, expectations=expectations)),
            )
        )
        outcome = definition.run(
            batch_parameters={"dataframe": frame.reset_index(drop=True)},
            result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["item"]},
        )
        found = {one.expectation_config.meta["check"]: one for one in outcome.results}
        results += [_result(suite, check, found[key]) for key, check in checks.items()]
    if docs is not None:
        _write_docs(context, docs)
    return results


def _expectation(check: Check) -> Expectation:
    """Make the Great Expectations expectation of a check, on its rows of the frame."""
    common = {
        "row_condition": Column("check") == check.key,
        "severity": "warning" if check.warns else "critical",
        "description": f"{check.says} ({check.key}; by {check.path})",
        "meta": {"check": check.key},
    }
    if check.kind == "between":
        low, high = check.bounds
        return gx.expectations.ExpectColumnValuesToBeBetween(
            column="observed", min_value=low, max_value=high, **common
        )
    common["column_list"] = COLUMNS[check.kind]
    if check.kind == "agree":
        return library.ExpectFiguresToAgree(tolerance=check.tolerance, **common)
    if check.kind == "rate":
        return library.ExpectRateToBeNumeratorOverDenominator(tolerance=check.tolerance, **common)
    if check.kind == "movement":
        return library.ExpectMovementToAddUp(**common)
    return library.ExpectPastToStay(**common)


def _result(suite: Suite, check: Check, outcome: ExpectationValidationResult) -> Result:
    """Return the result of a check as a row; a check with nothing to compare warns."""
    broken = outcome.exception_info.get("raised_exception") or "element_count" not in outcome.result
    compared = int(outcome.result.get("element_count") or 0)
    unexpected = outcome.result.get("unexpected_index_list") or []
    if broken:
        status, details = "fail", f"could not be carried out: {outcome.exception_info}"
    elif not outcome.success:
        shown = "; ".join(_words(row) for row in unexpected[:SHOWN])
        status, details = "warning" if check.warns else "fail", f"{compared} compared. First: {shown}"
    elif not compared:
        status, details = "warning", "nothing to compare"
    else:
        status, details = "pass", f"{compared} compared"
    return Result(
        suite=suite.name,
        expectation=check.key,
        target=check.target,
        status=status,
        observed=f"{compared - len(unexpected)} of {compared} as expected",
        expected=f"{compared} of {compared}{_bounds(check)}",
        unexpected_count=len(unexpected),
        details=details,
        evidence=check.path,
    )


def _words(row: dict) -> str:
    """One comparison in words: its item, then its figures."""
    figures = ", ".join(
        f"{name} {value:.10g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in row.items()
        if name != "item"
    )
    return f"{row['item']}: {figures}"


def _bounds(check: Check) -> str:
    low, high = check.bounds
    if check.kind != "between":
        return ""
    return ", " + " and ".join(
        f"{word} {bound:g}" for word, bound in (("at least", low), ("at most", high)) if bound is not None
    )


def _write_docs(context: EphemeralDataContext, docs: Path) -> None:
    """Write the pages of all suites and results, in place of those of the build before."""
    shutil.rmtree(docs, ignore_errors=True)
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs.absolute())}
    context.add_data_docs_site(
        "build",
        {
            "class_name": "SiteBuilder",
            "store_backend": store,
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        },
    )
    context.build_data_docs(site_names=["build"])


def _write(database: Path, results: list[Result]) -> None:
    """Write the results into the database, the only write of the validations."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from analytics.fct_validation_results")
        connection.executemany(
            "insert into analytics.fct_validation_results values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [astuple(result) for result in results],
        )

"""Carries out the validations: evidence from the working database, judged by Great Expectations.

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

from . import library
from .check import Check, Result, Suite
from .suites import SUITES

SAMPLE = 2000  # households of which each day is looked at
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

# What the suites share: the last day of the build, the version of a subscription at the end of each day, and
# for a sample of households every day of theirs. Nothing is written to the database: these are temporary.
PREPARE = """
create temp macro as_of() as (select as_of_date from build.parameters);

create temp table subscription_days as
select *, coalesce(lead(valid_from) over (partition by subscription_id order by valid_from), date '9999-12-31')
    as valid_until
from (
    select subscription_id, household_id, status, price_id, quantity, cancel_at_period_end,
        cast(valid_from as date) as valid_from
    from staging.stg_stripe__subscription_history
    qualify row_number() over (partition by subscription_id, cast(valid_from as date)
        order by stg_stripe__subscription_history.valid_from desc) = 1
);

create temp table sampled_households as
select household_id, signup_date, closed_date from staging.stg_app__households
order by md5(household_id || as_of()) limit {sample};

create temp table member_days as
select distinct e.household_id, e.user_id, e.event_date as day
from staging.stg_product__events as e
inner join staging.stg_app__household_members as m on e.household_id = m.household_id and e.user_id = m.user_id
left join sampled_households as s on e.household_id = s.household_id
where s.household_id is not null or e.event_date - m.joined_date in (7, 30);

create temp table household_days as
with days as (
    select household_id, signup_date, closed_date,
        unnest(generate_series(cast(signup_date as timestamp), as_of(), interval 1 day))::date as day
    from sampled_households
),
active as (
    select distinct d.household_id, d.day
    from member_days as d
    inner join staging.stg_app__household_members as m on d.household_id = m.household_id and d.user_id = m.user_id
        and m.joined_date <= d.day and (m.left_date is null or m.left_date > d.day)
),
billed as (
    select d.household_id, d.day, bool_or(v.status in ('active', 'trialing', 'past_due')) as is_in_force,
        bool_or(v.status in ('active', 'past_due')) as is_paying
    from days as d inner join subscription_days as v
        on d.household_id = v.household_id and v.valid_from <= d.day and v.valid_until > d.day
    group by all
),
states as (
    select d.*, max(coalesce(a.day, d.signup_date)) over (
            partition by d.household_id order by d.day rows between unbounded preceding and current row
        ) as last_active,
        coalesce(d.day >= d.closed_date, false) as is_closed, coalesce(b.is_in_force, false) as is_in_force,
        coalesce(b.is_paying, false) as is_paying
    from days as d left join active as a using (household_id, day) left join billed as b using (household_id, day)
)
select household_id, signup_date, closed_date, day, last_active, is_paying and not is_closed as is_paying,
    coalesce(closed_date <= signup_date, false) as closed_on_signup,
    -- Where there are no events at all nobody is known to be silent.
    is_closed or (day - last_active >= 30 and not is_in_force and exists (from member_days)) as is_churned
from states;

create temp table household_spells as
with turns as (
    select *, lag(is_churned, 1, false) over course as was_churned,
        max(case when is_paying then day end) over (
            course rows between unbounded preceding and 1 preceding
        ) + 1 as paying_ended_on
    from household_days
    window course as (partition by household_id order by day)
),
spells as (
    select household_id, signup_date, closed_date, day as churned_at, is_churned, last_active, paying_ended_on,
        lead(day) over (partition by household_id order by day) as reactivated_at
    from turns where is_churned <> was_churned
)
select household_id, row_number() over (partition by household_id order by churned_at) as churn_number, churned_at,
    reactivated_at,
    case when churned_at = closed_date then 0 when paying_ended_on >= churned_at - 30 then 1 else 2 end as kind,
    case when churned_at = closed_date then churned_at
        when paying_ended_on >= churned_at - 30 then greatest(paying_ended_on, last_active)
        else last_active end as left_at
from spells where is_churned and churned_at > signup_date;
"""


def validate(
    database: Path, *, docs: Path | None = None, earlier: Path | None = None, suites: Iterable[Suite] = SUITES
) -> list[Result]:
    """Validate the build in ``database``, write its `fct_validation_results`, and return what is in it.

    ``docs`` is the folder of the Data Docs, ``earlier`` a database of an earlier build (schema main or
    analytics), which past days are compared with. Raises ``duckdb.Error`` where a mart is missing.
    """
    suites = list(suites)
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(PREPARE.format(sample=SAMPLE))
        tables = _tables(connection, earlier)
        evidence = {
            suite.name: {
                check.key: collect(connection, check)
                for check in suite.checks
                if tables.issuperset(check.needs)
            }
            for suite in suites
        }
    results = judge(suites, evidence, docs)
    _write(database, results)
    return results


def _tables(connection: duckdb.DuckDBPyConnection, earlier: Path | None) -> set[str]:
    """Open the earlier database, if there is one, as catalog `earlier`, and list all tables as schema.table."""
    if earlier is not None and earlier.exists():
        connection.execute(f"attach '{earlier}' as earlier_file (read_only)")
        connection.execute("attach ':memory:' as earlier")
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = 'earlier_file' and schema_name in ('main', 'analytics')"
        ).fetchall():
            connection.execute(f"create view earlier.{table} as from earlier_file.{schema}.{table}")
    return {
        name
        for (name,) in connection.execute(
            "select case table_catalog when 'earlier' then 'earlier' else table_schema end || '.' || table_name"
            " from information_schema.tables"
        ).fetchall()
    }


def collect(connection: duckdb.DuckDBPyConnection, check: Check) -> pd.DataFrame:
    """Return one row per comparison of a check: ``check``, ``item`` and the columns of its kind."""
    if callable(check.evidence):
        rows = check.evidence(connection)
    else:
        rows = connection.execute(check.evidence).df()
    for column in COLUMNS[check.kind]:
        if column not in TEXT:
            rows[column] = pd.to_numeric(rows[column]).astype(float)
    return rows.assign(check=check.key)[["check", "item", *COLUMNS[check.kind]]]


def judge(
    suites: Iterable[Suite], evidence: dict[str, dict[str, pd.DataFrame]], docs: Path | None = None
) -> list[Result]:
    """Let Great Expectations judge the evidence, one suite per subject; checks without evidence are left out."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("evidence")
    results = []
    for suite in suites:
        checks = {check.key: check for check in suite.checks if check.key in evidence[suite.name]}
        if not checks:
            continue
        frames = [evidence[suite.name][key] for key in checks]
        frame = pd.concat([pd.DataFrame(columns=ALL), *(rows for rows in frames if len(rows))])[ALL]
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
        "row_condition": f'check == "{check.key}"',
        "condition_parser": "pandas",
        "severity": "warning" if check.warns else "critical",
        "description": f"{check.says} ({check.key}; by {check.path})",
        "meta": {"check": check.key},
    }
    if check.kind == "agree":
        return library.ExpectFiguresToAgree(tolerance=check.tolerance, **common)
    if check.kind == "rate":
        return library.ExpectRateToBeNumeratorOverDenominator(tolerance=check.tolerance, **common)
    if check.kind == "movement":
        return library.ExpectMovementToAddUp(**common)
    if check.kind == "past":
        return library.ExpectPastToStay(**common)
    low, high = check.bounds
    return gx.expectations.ExpectColumnValuesToBeBetween(
        column="observed", min_value=low, max_value=high, **common
    )


def _result(suite: Suite, check: Check, outcome: ExpectationValidationResult) -> Result:
    """Say in a row what came of a check; one that had nothing to compare warns, whatever it says."""
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
    """Say one comparison in words: its item, then its figures."""
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
    """Put the results where readers find them; this is the one moment at which the database is written to."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from analytics.fct_validation_results")
        connection.executemany(
            "insert into analytics.fct_validation_results values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [astuple(result) for result in results],
        )

"""A company of a few households with a working database, a ledger and a published version; no dbt.

What changed since the last publication is asked of the project's own models, rendered as dbt would render
them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import jinja2
from harness import REPOSITORY

from customer_success.ledger import chain
from customer_success.ledger.opening import opened
from customer_success.ledger.record import plan, record
from customer_success.ledger.start import check_ledger, settle
from customer_success.ledger.tables import HOUSEHOLDS
from customer_success.proofs import Candidate
from customer_success.publish import Places

DAY = date(2026, 6, 30)
VALUES, PREDICTIONS = "ledger.ledger.published_metric_values", "ledger.ledger.published_predictions"
CHAIN, LEAVES = "ledger.ledger.chain", "ledger.ledger.chain_leaves"
MODELS = {
    "intermediate.int_metric_changes": "models/intermediate/metrics/int_metric_changes.sql",
    "analytics.fct_metric_restatements": "models/marts/metrics/fct_metric_restatements.sql",
}
NAMES = {
    "fct_metric_values": "analytics.fct_metric_values",
    "base_app__erased_households": "staging.base_app__erased_households",
    "int_metric_changes": "intermediate.int_metric_changes",
}
MANIFEST = {
    "nodes": {},
    "sources": {
        "app": {
            "source_name": "app",
            "name": "households",
            "schema": "raw_app",
            "identifier": "households",
        }
    },
}
TABLES = """
    create schema if not exists analytics; create schema if not exists intermediate;
    create schema if not exists staging; create schema if not exists rules;
    create schema if not exists raw_app; create schema if not exists build;
    create or replace table build.parameters as select date '{day}' as as_of_date;
    create or replace table analytics.fct_metric_values (
        metric varchar, period_grain varchar, period_start date, period_end date, segment_type varchar,
        segment varchar, raw_value double, status varchar, definition_version integer,
        definition_hash varchar, as_of_date date, data_through date, dataset varchar, invocation_id varchar);
    create or replace table analytics.ml_churn_predictions (
        household_id varchar, scored_as_of date, churn_probability double, model_run_id varchar);
    create or replace table analytics.ml_model_runs as
        select model_run_id, as_of_date, selected_model, status, reason, true as is_current from
        (values ('run {day}', date '{day}', 'gradient_boosting', 'ok', null))
        as runs (model_run_id, as_of_date, selected_model, status, reason);
    create or replace table raw_app.households (id varchar);
    create or replace table staging.base_app__household_states (known_household_id varchar);
    create or replace table rules.metric_definitions (
        metric varchar, version integer, definition_hash varchar, changed_on date, change_note varchar);
    create or replace table analytics.dim_metrics (
        metric varchar, version integer, definition_hash varchar, unit varchar, direction varchar,
        source_of_truth varchar, ci_method varchar, conventions varchar, min_sample bigint);
"""


@dataclass
class Company:
    """Its folder, and what its next build finds; a value that is None has lost its sample."""

    folder: Path
    day: date = DAY
    households: list[str] = field(default_factory=lambda: [f"h{number}" for number in range(1, 7)])
    values: dict[str, float | None] = field(default_factory=lambda: {"nps": 40.0, "churn": 0.1})
    hashes: dict[str, str] = field(default_factory=lambda: {"nps": "aaa", "churn": "bbb"})
    builds: int = 0

    @property
    def places(self) -> Places:
        return Places(self.folder / "working.duckdb", self.folder)

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.duckdb"

    @property
    def candidate(self) -> Candidate:
        return Candidate(self.places, self.ledger, MANIFEST, {}, {}, None, self.day)

    def build(self) -> Company:
        """Do what dbt does: note new households, make the tables, say what has changed."""
        self.builds += 1
        with duckdb.connect(str(self.places.database)) as connection:
            connection.execute(TABLES.format(day=self.day))
            for household in self.households:
                connection.execute("insert into raw_app.households values (?)", [household])
            connection.execute("insert into staging.base_app__household_states from raw_app.households")
            connection.execute(
                "insert into analytics.ml_churn_predictions"
                " select id, ?, row_number() over (order by id) / 7.0, ? from raw_app.households",
                [self.day, f"run {self.day}"],
            )
            for metric, value in self.values.items():
                connection.execute(
                    "insert into analytics.fct_metric_values values"
                    " (?, 'month', '2026-05-01', '2026-05-31', 'all', 'all', ?, ?, 1, ?, ?, ?, 'live', ?)",
                    [
                        metric,
                        0.5 if value is None else value,
                        "insufficient_sample" if value is None else "publishable",
                        self.hashes[metric],
                        self.day,
                        self.day - timedelta(days=1),
                        f"build {self.builds}",
                    ],
                )
                connection.execute(
                    "insert into rules.metric_definitions values (?, 1, ?, '2026-01-01', 'First')",
                    [metric, self.hashes[metric]],
                )
        self.note_households()
        self.say_what_changed()
        return self

    def note_households(self) -> None:
        """Do what the hook of staging does at each run of dbt."""
        with opened(self.ledger, write=True, database=self.places.database) as connection:
            connection.begin()
            chain.append(
                connection,
                HOUSEHOLDS,
                f"select sha256(id) as household_hash, date '{self.day}' as first_seen_as_of"
                " from raw_app.households"
                " where sha256(id) not in (select household_hash from ledger.ledger.households_seen)",
            )
            connection.commit()

    def say_what_changed(self) -> None:
        """Build the two models that compare this build with the ledger."""
        with duckdb.connect(str(self.places.database)) as connection:
            connection.execute(f"attach '{self.ledger}' as ledger (read_only)")
            connection.execute(
                "create or replace table staging.base_app__erased_households as"
                " select household_hash from ledger.ledger.households_seen"
                " where household_hash not in (select sha256(id) from raw_app.households)"
            )
            for name, file in MODELS.items():
                sql = jinja2.Template((REPOSITORY / file).read_text()).render(
                    ref=NAMES.get, ledger_relation=lambda table: f"ledger.ledger.{table}"
                )
                connection.execute(f"create or replace table {name} as {sql}")

    def publish(self, *, note: bool = True) -> Company:
        """Publish the build; without ``note`` the process ends between the swap and the ledger."""
        heads = plan(self.places.database, self.ledger, f"build {self.builds}")
        self.places.analytics.unlink(missing_ok=True)
        with duckdb.connect(str(self.places.analytics)) as connection:
            connection.execute(
                "create table publication as select ?::date as as_of_date, ? as invocation_id,"
                " ? as ledger_head, ? as ledger_heads",
                [self.day, f"build {self.builds}", chain.one_head(heads), chain.to_json(heads)],
            )
        if note:
            record(self.places.database, self.ledger)
        return self

    def next_day(self, **values: float | None) -> Company:
        """Let a day pass on which some values come out otherwise."""
        self.day += timedelta(days=1)
        self.values |= values
        return self

    def sql(self, *statements: str) -> None:
        """Tamper with the ledger."""
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.ledger}' as ledger")
            for statement in statements:
                connection.execute(statement)

    def rows(self, query: str) -> list[tuple]:
        with opened(self.ledger) as connection:
            return connection.execute(query).fetchall()

    def published_heads(self) -> dict[str, list]:
        with duckdb.connect(str(self.places.analytics), read_only=True) as connection:
            return json.loads(connection.execute("select ledger_heads from publication").fetchone()[0])

    def start(self) -> list[str]:
        """What the build command says is wrong before dbt starts."""
        settle(self.places, self.ledger)
        return [problem.message for problem in check_ledger(self.places, self.ledger)]

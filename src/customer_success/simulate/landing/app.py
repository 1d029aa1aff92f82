"""The company's own tables as its export lands them: moments as text, odd words, re-loads, deletions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..parameters import REGIONS
from .frames import Block
from .loads import deleted, loaded_before
from .moments import write_moments, write_words

_OTHER_REGION = "LATAM"  # that the seed of regions does not know


def land(block: Block, rng: np.random.Generator) -> None:
    """Bring app, surveys and check-ins of a block into their landed shape; the other sources come before."""
    loaded_before(block, "app.households", {"name": "Before the change of name"}, rng)
    loaded_before(block, "app.users", {"email": "before@example.org"}, rng)
    loaded_before(block, "app.household_members", {"role": "member"}, rng)
    loaded_before(block, "app.pets", {"name": "Before the change of name"}, rng)
    loaded_before(block, "survey.response", {"comment": None}, rng)
    _deleted_households(block, rng)
    for table in ("app.pets", "survey.response", "cs.check_ins"):
        deleted(block, table, rng)
    write_words(block, "app.households", "region", (str.lower, lambda word: f" {word} "), rng)
    households = block.tables["app.households"]
    usual = households.index[households["region"].isin(REGIONS)]
    households.loc[usual[-1:], "region"] = _OTHER_REGION
    for table in ("survey.response", "survey.invitation"):
        write_words(block, table, "survey_type", (str.lower, str.title, lambda word: f"{word} "), rng)
    for table, columns in (
        ("app.households", ("created_at", "closed_at", "updated_at")),
        ("survey.invitation", ("sent_at",)),
        ("survey.response", ("responded_at",)),
        ("cs.check_ins", ("check_in_at",)),
    ):
        write_moments(block, table, columns, rng)


def _deleted_households(block: Block, rng: np.random.Generator) -> None:
    """Add households that the source has deleted, with people of their own: they are erased with them."""

    def one_of_its_own(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.iloc[:1].assign(
            owner_user_id=lambda row: row["owner_user_id"].str.replace("sim_", "sim_gone_")
        )

    gone = deleted(block, "app.households", rng, change=one_of_its_own)
    members = block.tables["app.household_members"]
    own = members["household_id"].isin(gone["id"].str.replace("sim_gone_", "sim_"))
    own = members[own & (members["_fivetran_synced"] <= block.midnight)].copy()
    for column in ("id", "household_id", "user_id"):
        own[column] = own[column].str.replace("sim_", "sim_gone_", n=1)
    block.set_apart("app.household_members", own, "erased", "of_a_deleted_household")

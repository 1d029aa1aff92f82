"""The household of each ticket."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import pandas as pd

from .sifting import Staged
from .values import FAR, day_number


class _Membership(NamedTuple):
    """Days at whose end an app user is a member, until before ``left``; their own household sorts first."""

    is_of_another: bool
    household: str
    joined: int
    left: int


class TicketHomes:
    """Leads tickets to households.

    The ticket's organization comes first; then the households of which the requester's app user was a member
    on the day of the ticket (by external_id, else by e-mail address where that is allowed); then the
    requester's organization.
    """

    def __init__(self, staged: Staged):
        organizations, users = staged["zendesk.organization"], staged["zendesk.user"]
        self.of_organization = dict(zip(organizations["id"], organizations["household_id"], strict=True))
        self.organization_of = dict(zip(users["id"], users["organization_id"], strict=True))
        self.memberships = _memberships(staged)
        self.persons = {
            user: [[person]] for user, person in zip(users["id"], users["external_id"], strict=True)
        }
        if staged.rules.link_by_email:
            by_email = defaultdict(list)
            for row in staged["app.users"].itertuples(index=False):
                by_email[_address(row.email)].append(row.id)
            for row in users.itertuples(index=False):
                if _address(row.email):
                    self.persons[row.id].append(by_email[_address(row.email)])

    def of(self, tickets: pd.DataFrame) -> pd.Series:
        """Return the household of each ticket, None where nothing leads to one."""
        columns = (tickets[name] for name in ("organization_id", "requester_id", "created_at"))
        homes = [self._home(*row) for row in zip(*columns, strict=True)]
        return pd.Series(homes, index=tickets.index, dtype=object)

    def _home(self, organization: str | None, requester: str | None, created: pd.Timestamp) -> str | None:
        own = self.of_organization.get(organization)
        if own is not None:
            return own
        return self._of_person(requester, created) or self.of_organization.get(
            self.organization_of.get(requester)
        )

    def _of_person(self, requester: str | None, created: pd.Timestamp) -> str | None:
        if pd.isna(created):
            return None
        day = day_number(created)
        for persons in self.persons.get(requester, []):
            found = [
                membership
                for person in persons
                for membership in self.memberships[person]
                if membership.joined <= day < membership.left
            ]
            if found:
                return min(found).household
        return None


def _memberships(staged: Staged) -> dict[str | None, list[_Membership]]:
    households = staged["app.households"]
    owners = dict(zip(households["id"], households["owner_user_id"], strict=True))
    out = defaultdict(list)
    for row in staged["app.household_members"].itertuples(index=False):
        is_own = row.role == "owner" or (
            row.user_id is not None and owners.get(row.household_id) == row.user_id
        )
        left = FAR if pd.isna(row.left_at) else day_number(row.left_at)
        out[row.user_id].append(_Membership(not is_own, row.household_id, day_number(row.joined_at), left))
    return out


def _address(email: str | None) -> str:
    return (email or "").strip().lower()

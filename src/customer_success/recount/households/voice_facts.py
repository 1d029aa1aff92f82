"""What the rules on the voice of customers and on growth need of a household beside ``facts.Home``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from .sifting import Staged
from .staff import staff
from .values import day_number


class Reply(NamedTuple):
    """An answer to a survey, of any type."""

    id: str
    kind: str
    at: pd.Timestamp
    score: Fraction | None
    comment: str | None
    ticket: str | None
    invitation: str | None


class Invitation(NamedTuple):
    """An invitation to a survey, or a receipt of one; `id` is None for a receipt."""

    id: str | None
    kind: str
    day: int


class Step(NamedTuple):
    """A receipt of a step."""

    at: pd.Timestamp
    day: int
    playbook: str | None
    survey: str | None
    is_person: bool
    status: str


class Review(NamedTuple):
    """A review, `rating` None where it has no stars, or the request of one."""

    id: str
    platform: str
    at: pd.Timestamp
    rating: int | None = None


@dataclass
class Voice:
    """Facts about one household, as raw rows have them by as_of_date."""

    owner: str | None = None
    is_visible: bool = False  # it has a CRM company or an organisation of the desk
    replies: list[Reply] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    requests: list[Review] = field(default_factory=list)
    contacts: list[pd.Timestamp] = field(default_factory=list)  # by persons of ours
    requesters: dict[str, str | None] = field(default_factory=dict)  # of tickets: users of the app
    texts: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)  # subject and description


def voices(staged: Staged, wanted: Iterable[str]) -> dict[str, Voice]:
    """Collect the facts of the wanted households from classified rows."""
    homes = staged["app.households"]
    owners = dict(zip(homes["id"], homes["owner_user_id"], strict=True))
    found = {home: Voice(owners.get(home)) for home in wanted}
    _surveys(staged, found)
    _steps(staged, found)
    _reviews(staged, found)
    _contacts(staged, found)
    users = staged["zendesk.user"]
    app_user = dict(zip(users["id"], users["external_id"], strict=True))
    for row in _rows(staged, "zendesk.ticket", found):
        found[row.household_id].requesters[row.id] = app_user.get(row.requester_id)
        found[row.household_id].texts[row.id] = (row.subject, row.description)
    visible = set(staged["hubspot.company"]["household_id"])
    organizations = staged["zendesk.organization"]
    if "is_deleted" in organizations:
        organizations = organizations[~organizations["is_deleted"].astype(bool)]
    visible |= set(organizations["household_id"])
    for home, voice in found.items():
        voice.is_visible = home in visible
    return found


def _rows(staged: Staged, name: str, found: dict[str, Voice]) -> Iterable:
    frame = staged[name]
    return frame[frame["household_id"].isin(found)].itertuples(index=False)


def _surveys(staged: Staged, found: dict[str, Voice]) -> None:
    for row in _rows(staged, "survey.response", found):
        score = None if row.score != row.score else Fraction(row.score)
        what = (row.responded_at, score, row.comment, row.ticket_id, row.invitation_id)
        found[row.household_id].replies.append(Reply(row.id, row.survey_type, *what))
    for row in _rows(staged, "survey.invitation", found):
        one = Invitation(row.id, row.survey_type, day_number(row.sent_at))
        found[row.household_id].invitations.append(one)


def _steps(staged: Staged, found: dict[str, Voice]) -> None:
    for row in _rows(staged, "cs.deliveries", found):
        what = (row.playbook, row.survey_type, row.is_person is True, row.status)
        found[row.household_id].steps.append(Step(row.occurred_at, day_number(row.occurred_at), *what))


def _reviews(staged: Staged, found: dict[str, Voice]) -> None:
    for row in _rows(staged, "cs.reviews", found):
        rating = None if row.rating != row.rating else int(row.rating)
        one = Review(row.id, row.platform, row.submitted_at, rating)
        found[row.household_id].reviews.append(one)
    for row in _rows(staged, "cs.review_requests", found):
        found[row.household_id].requests.append(Review(row.id, row.platform, row.requested_at))


def _contacts(staged: Staged, found: dict[str, Voice]) -> None:
    """Note check-ins of ours, public comments of staff, and steps that persons took."""
    for row in _rows(staged, "cs.check_ins", found):
        if row.initiated_by == "csm":
            found[row.household_id].contacts.append(row.check_in_at)
    agents = staff(staged)
    for row in _rows(staged, "zendesk.ticket_comment", found):
        if row.public is True and row.user_id in agents:
            found[row.household_id].contacts.append(row.created)
    for voice in found.values():
        voice.contacts += [step.at for step in voice.steps if step.is_person and step.status == "done"]

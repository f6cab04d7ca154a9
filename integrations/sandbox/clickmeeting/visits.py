"""Who was in a session, and when: kept inside the session's row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from integrations.sandbox.clickmeeting import moments
from integrations.sandbox.store import Row

DEVICE = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"


def visits_of(
    attendees: Iterable[str | Row],
    minutes: int,
    next_id: Callable[[], int],
    registration_of: Callable[[str], Row | None],
) -> list[Row]:
    """A visit for each attendee: an address alone stays from the start to the end.

    `next_id` numbers them, `registration_of` finds who is registered with an address.
    """
    found = []
    for who in map(_described, attendees):
        registered = registration_of(who["email"]) if who.get("email") else None
        found.append(_visit(who, minutes, next_id(), registered))
    return found


def visible(session: Row, now: str) -> list[Row]:
    """The visits that have begun; in a running session, some are still to come."""
    return [visit for visit in session["visits"] if _at(session, visit["joined"]) <= now]


def spell(session: Row, visit: Row) -> tuple[str, str]:
    """When a visit began and ended, as rows keep times; never past the session's end."""
    left = min(_at(session, visit["left"]), session["end"])
    return min(_at(session, visit["joined"]), left), left


def most_at_once(session: Row, now: str) -> int:
    """The greatest number of visitors at the same time so far."""
    moves: list[tuple[str, int]] = []
    for visit in visible(session, now):
        joined, left = spell(session, visit)
        moves += [(joined, 1), (left, -1)]
    present = most = 0
    for _, change in sorted(moves, key=lambda move: (move[0], -move[1])):
        present += change
        most = max(most, present)
    return most


def _described(attendee: str | Row) -> Row:
    return {"email": attendee} if isinstance(attendee, str) else attendee


def _visit(who: Row, minutes: int, visit_id: int, registered: Row | None) -> Row:
    email = who.get("email", "")
    name = f"{registered['first_name']} {registered['last_name']}".strip() if registered else ""
    visit: dict[str, Any] = {
        "id": visit_id,
        "email": email,
        "nickname": who.get("nickname") or name or email.partition("@")[0] or "guest",
        "role": who.get("role", "listener"),
        "device": who.get("device", DEVICE),
        "rating": who.get("rating"),
        "rating_comment": who.get("rating_comment", ""),
        "polls": who.get("polls", []),
        "joined": who.get("joined", 0),
        "left": who.get("left", minutes),
    }
    return visit


def _at(session: Row, minutes: int) -> str:
    return moments.keep(moments.moment(session["start"]) + timedelta(minutes=minutes))

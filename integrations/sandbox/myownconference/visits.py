"""Who was in a webinar and when: visits are kept inside the session's row."""

from __future__ import annotations

from datetime import timedelta

from integrations.sandbox.myownconference import zone
from integrations.sandbox.myownconference.account import MyOwnConferenceAccount
from integrations.sandbox.store import Row


def present(account: MyOwnConferenceAccount, alias: str) -> list[Row]:
    """The visits of the session that runs, which have begun and not ended."""
    session = account.running_session(alias)
    if session is None:
        return []
    now = account.now
    return [
        visit
        for visit in session["visits"]
        if _at(session, visit["joined"]) <= now < _at(session, visit["left"])
    ]


def begun(account: MyOwnConferenceAccount, alias: str) -> list[tuple[str, Row]]:
    """All visits of a webinar so far, each with its moment, in the order of time."""
    moments = [
        (_at(session, visit["joined"]), visit)
        for session in account.sessions(alias)
        for visit in session["visits"]
    ]
    return sorted(((at, one) for at, one in moments if at <= account.now), key=lambda pair: pair[0])


def _at(session: Row, minutes: float) -> str:
    """Nobody stays after the session's end."""
    at = zone.keep(zone.moment(session["start"]) + timedelta(minutes=minutes))
    return min(at, str(session["end"]))

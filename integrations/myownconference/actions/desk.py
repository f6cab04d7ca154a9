"""What actions work with, and how they read their arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.myownconference.client import Client
from integrations.myownconference.mapping.reading import confirm, refuse
from integrations.myownconference.own import Own
from integrations.myownconference.verbs.after import History, Recordings
from integrations.myownconference.verbs.attendees import Attendees, Registrations
from integrations.myownconference.verbs.moderators import Moderators


@dataclass(frozen=True, slots=True)
class Desk:
    """One account, ready to be asked."""

    client: Client
    own: Own
    history: History
    recordings: Recordings
    attendees: Attendees
    registrations: Registrations
    moderators: Moderators


Arguments = Mapping[str, Any]
Result = dict[str, Any]
Action = Callable[[Desk, str, Arguments], Result]


def text(arguments: Arguments, name: str, what: str) -> str:
    """An argument that must be there; `what` completes "Please give …"."""
    value = str(arguments.get(name) or "").strip()
    if not value:
        raise refuse(name, f"Please give {what}.")
    return value


def told(method: str) -> Action:
    """The action that only tells a running webinar one thing; `method` is the client's."""

    def act(desk: Desk, alias: str, arguments: Arguments) -> Result:
        with desk.own.webinar(alias):
            confirm(getattr(desk.client, method)(alias), "webinar")
        return {}

    return act

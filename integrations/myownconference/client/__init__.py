"""MyOwnConference's API, one method for each documented command, named after it.

Every method sends what it is given and answers what stands under `response`, untouched. Errors
are those of `Line.ask`; "Effect" says what an unknown outcome means for each, since all of them,
reads included, travel as POST. Times are text `YYYY-MM-DD HH:MM:SS` in the profile's zone.
"""

from integrations.myownconference.client.account import AccountCommands
from integrations.myownconference.client.attendees import AttendeeCommands
from integrations.myownconference.client.live import LiveCommands
from integrations.myownconference.client.webinars import WebinarCommands


class Client(AccountCommands, AttendeeCommands, WebinarCommands, LiveCommands):
    """All 54 commands over one account's line."""


__all__ = ["Client"]

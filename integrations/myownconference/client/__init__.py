"""MyOwnConference's API, one method for each documented command, named after it.

Every method sends what it is given and answers what stands under `response`, untouched;
`Annotated[Any, Shape]` names what the document promises of it. Errors are those of
`MyOwnConferenceHttp.send_command`. READ, CHANGE, CREATE and NOTIFY say what an unknown outcome
means for each, since all of them, reads included, travel as POST. Times are text
`YYYY-MM-DD HH:MM:SS` by the clock of the profile.
"""

from integrations.myownconference.client.account import AccountCommands
from integrations.myownconference.client.attendees import AttendeeCommands
from integrations.myownconference.client.live import LiveCommands
from integrations.myownconference.client.webinars import WebinarCommands


class Client(AccountCommands, AttendeeCommands, WebinarCommands, LiveCommands):
    """All 54 commands of one account."""


__all__ = ["Client"]

"""TrueConf Server's API, one method for each documented operation, named as the document does.

Every method sends what it is given and answers the parsed JSON untouched (downloads: pieces of
bytes). `Annotated[Any, Shape]` names what the document promises: an object comes inside an envelope
of its name (`user`), or bare where `mapping.answers.inside` reads both; the rows of a list inside
one of theirs (`users`, in the log `list`). Errors are those of `Http.answer`, with 403 and 404 read
as `TrueConfHttp` says.
"""

from integrations.trueconf.client.conferences import Conferences
from integrations.trueconf.client.invitations import Invitations
from integrations.trueconf.client.logs import Logs
from integrations.trueconf.client.people import People
from integrations.trueconf.client.sessions import Sessions
from integrations.trueconf.client.templates import Templates


class Client(Conferences, Invitations, Sessions, People, Templates, Logs):
    """All 78 operations of one server."""


__all__ = ["Client"]

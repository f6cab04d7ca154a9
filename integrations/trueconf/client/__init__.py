"""TrueConf Server's API, one method for each documented operation, named as the document does.

Every method sends what it is given and answers the parsed JSON untouched (downloads: pieces of
bytes). Errors are those of `Http.answer`, with 403 and 404 read as `Line` says.
"""

from integrations.trueconf.client.conferences import Conferences
from integrations.trueconf.client.invited import Invited
from integrations.trueconf.client.logs import Logs
from integrations.trueconf.client.people import People
from integrations.trueconf.client.running import Running
from integrations.trueconf.client.stock import Stock


class Client(Conferences, Invited, Running, People, Stock, Logs):
    """All 78 operations over one server's line."""


__all__ = ["Client"]

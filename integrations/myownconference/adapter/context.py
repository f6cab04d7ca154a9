"""What the kinds and the actions share: the client, the account's clock, what surely is its own."""

from integrations.base.adapter import Connection
from integrations.myownconference.adapter.after import History, Recordings
from integrations.myownconference.adapter.attendees import Attendees, Directory, Registrations
from integrations.myownconference.adapter.clock import Clock
from integrations.myownconference.adapter.moderators import Moderators
from integrations.myownconference.adapter.owned import OwnedIds
from integrations.myownconference.client import Client
from integrations.myownconference.client.http import MyOwnConferenceHttp


class Context:
    """One account, as long as its adapter lives; with those kinds that actions use as well."""

    def __init__(self, connection: Connection) -> None:
        options = connection.options
        at_once = options.get("moderator_mail") == "yes"
        self.client = Client(MyOwnConferenceHttp(connection))
        self.clock = Clock(self.client, options)
        self.owned = OwnedIds(self.client)
        self.directory = Directory(self.client, may_add=options.get("contacts") == "yes")
        self.history = History(self.client, self.owned, self.clock)
        self.recordings = Recordings(self.client, self.owned, self.clock)
        self.attendees = Attendees(self.client, self.directory)
        self.registrations = Registrations(self.client, self.owned, self.directory)
        self.moderators = Moderators(self.client, self.owned, write=at_once)

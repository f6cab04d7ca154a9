"""Conferences: the webinars of the account."""

from collections.abc import Iterator

from integrations.base.errors import refused
from integrations.base.kinds import KindAdapter
from integrations.base.records import Draft, Fields, Page, Record
from integrations.base.texts import _
from integrations.myownconference.adapter.clock import Clock
from integrations.myownconference.adapter.owned import OwnedIds
from integrations.myownconference.client import Client
from integrations.myownconference.mapping import conference
from integrations.myownconference.mapping.answers import confirm, ident
from integrations.myownconference.mapping.people import group_rows
from integrations.myownconference.payloads import PLATFORM

GROUP = "options.group"


class Conferences(KindAdapter):
    """The listing is two calls for all; a webinar's details are one call each."""

    def __init__(self, client: Client, owned: OwnedIds, clock: Clock) -> None:
        self._client = client
        self._owned = owned
        self._clock = clock

    def listing(self, parent_id: str) -> Iterator[Page]:
        """A page of the active ones, and one of those that are over; all of them partial."""
        zone = self._clock.zone()
        for status, found in self._owned.webinars():
            yield Page(tuple(conference.decode_listed(row, zone, status) for row in found))

    def get(self, external_id: str) -> Record:
        """One webinar in full."""
        with self._owned.webinar(external_id):
            answer = self._client.webinars_get_info(external_id)
        return conference.decode(answer, external_id, self._clock.zone())

    def create(self, draft: Draft) -> Record:
        """Plan a webinar. What was sent stands for what is shown: the answer has links alone."""
        zone = self._clock.zone_now()
        answer = self._client.webinars_create(conference.encode_create(draft.fields, zone))
        record = conference.created(answer, conference.expected(draft.fields, zone))
        self._owned.aliases.add(record.external_id or "")
        return record

    def update(self, shown: Record, changes: Fields) -> None:
        """Send what has changed. A group travels by its id, which costs a call to find."""
        group_id = self._group_id(changes[GROUP]) if changes.get(GROUP) is not None else ""
        zone = self._clock.zone_now() if changes.get("starts_at") else self._clock.zone()
        sent = conference.encode_changes(changes, zone, group_id)
        alias = shown.external_id or ""
        if sent:
            with self._owned.webinar(alias):
                confirm(self._client.webinars_set(alias, sent), "webinar")

    def delete(self, external_id: str) -> None:
        """Delete a webinar with all that is in it."""
        with self._owned.webinar(external_id):
            confirm(self._client.webinars_delete(external_id), "deletion")
        self._owned.aliases.discard(external_id)

    def _group_id(self, name: str) -> str:
        found = group_rows(self._client.attendees_groups_list())
        same = [ident(row, "id") for row in found if row.text("name") == name]
        if len(same) != 1:
            several = _("There are several groups of this name on MyOwnConference.")
            none = _("There is no group of this name on MyOwnConference.")
            raise refused(PLATFORM, GROUP, several if same else none)
        return same[0]

"""Conferences: the webinars of the account."""

from collections.abc import Iterator

from integrations.base.records import Draft, Fields, Page, Record
from integrations.myownconference.client import Client
from integrations.myownconference.clock import Clock
from integrations.myownconference.mapping import webinar
from integrations.myownconference.mapping.people import group_rows
from integrations.myownconference.mapping.reading import confirm, ident, refuse
from integrations.myownconference.own import Own
from integrations.myownconference.verbs.base import Verbs

GROUP = "options.group"


class Webinars(Verbs):
    """The listing is two calls for all; a webinar's details are one call each."""

    def __init__(self, client: Client, own: Own, clock: Clock) -> None:
        self._client = client
        self._own = own
        self._clock = clock

    def sweep(self, parent: str) -> Iterator[Page]:
        """A page of the active ones, and one of those that are over; all of them partial."""
        zone = self._clock.zone()
        for status, found in self._own.webinars():
            yield Page(tuple(webinar.decode_listed(row, zone, status) for row in found))

    def get(self, external_id: str) -> Record:
        """One webinar in full."""
        with self._own.webinar(external_id):
            answer = self._client.webinars_get_info(external_id)
        return webinar.decode(answer, external_id, self._clock.zone())

    def create(self, draft: Draft) -> Record:
        """Plan a webinar. What was sent stands for what is shown: the answer has links alone."""
        zone = self._clock.zone_now()
        answer = self._client.webinars_create(webinar.encode_create(draft.fields, zone))
        record = webinar.created(answer, webinar.expected(draft.fields, zone))
        self._own.aliases.add(record.external_id or "")
        return record

    def update(self, shown: Record, changes: Fields) -> None:
        """Send what has changed. A group travels by its id, which costs a call to find."""
        group_id = self._group_id(changes[GROUP]) if changes.get(GROUP) is not None else ""
        zone = self._clock.zone_now() if changes.get("starts_at") else self._clock.zone()
        sent = webinar.encode_changes(changes, zone, group_id)
        alias = shown.external_id or ""
        if sent:
            with self._own.webinar(alias):
                confirm(self._client.webinars_set(alias, sent), "webinar")

    def delete(self, external_id: str) -> None:
        """Delete a webinar with all that is in it."""
        with self._own.webinar(external_id):
            confirm(self._client.webinars_delete(external_id), "deletion")
        self._own.aliases.discard(external_id)

    def _group_id(self, name: str) -> str:
        found = group_rows(self._client.attendees_groups_list())
        same = [ident(row, "id") for row in found if row.text("name") == name]
        if len(same) != 1:
            which = "several groups" if same else "no group"
            raise refuse(GROUP, f"There is {which} of this name on MyOwnConference.")
        return same[0]

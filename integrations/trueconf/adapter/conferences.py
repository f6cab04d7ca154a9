"""Conferences: list, get, create, update, delete."""

from collections.abc import Iterator
from typing import Any

from integrations.base.errors import RecordNotFound, UnexpectedAnswer, refused
from integrations.base.kinds import KindAdapter
from integrations.base.records import Draft, Fields, Page, Record
from integrations.base.texts import _, say, together
from integrations.trueconf.adapter.context import Context
from integrations.trueconf.client.http import UserNotFound
from integrations.trueconf.client.paging import ALL_CONFERENCES, CONFERENCE_LIST, pages
from integrations.trueconf.mapping import conference
from integrations.trueconf.mapping.answers import confirm_deletion
from integrations.trueconf.mapping.conference import conference_in
from integrations.trueconf.mapping.ids import login_of, split
from integrations.trueconf.payloads import LISTS_NOTHING, PLATFORM

CHOOSE_ANOTHER = _("Choose version 3.2 or above, or let the version be found out.")
RUNNING = "running"
# The one field that can be changed while it runs [Objects, Conference], and since when.
EDITABLE, EDITABLE_SINCE = frozenset({"description"}), "v3.4"
DESCRIPTION_ALONE = _(
    "The webinar is running: TrueConf lets its description alone be changed until it has ended."
)
NOTHING_OF_IT = _(
    "The webinar is running: TrueConf lets nothing of it be changed until it has ended."
)


class Conferences(KindAdapter):
    """Whole objects in lists too, so no get is needed to complete a row."""

    def __init__(self, context: Context) -> None:
        self.context, self.client = context, context.client

    def listing(self, parent_id: str) -> Iterator[Page]:
        """All conferences: at once in v3, in numbered pages since v3.1.

        An empty list in v3.1 is believed only where the connection test found nothing newer.
        """
        of = CONFERENCE_LIST if self.context.reaches("v3.1") else ALL_CONFERENCES
        for found, total in pages(self.client.get_conference_list, of):
            if not found and self.context.version == LISTS_NOTHING and not self.context.tested:
                raise UnexpectedAnswer(
                    together(
                        say(
                            "In version 3.1 of its API %(platform)s shows no webinars: servers "
                            "since 5.0.3 have none in it.",
                            platform=PLATFORM,
                        ),
                        CHOOSE_ANOTHER,
                    ),
                    platform=PLATFORM,
                    operation="get conference list",
                )
            yield Page(tuple(conference.decode(row) for row in found), total)

    def get(self, external_id: str) -> Record:
        """One conference."""
        (their_id,) = split(external_id, 1)
        return conference.decode(self.context.conference(their_id))

    def create(self, draft: Draft) -> Record:
        """A conference with its owner invited. An unknown owner or template is refused."""
        sent = conference.encode_create(draft, self.context.terms(), self.context.owner)
        try:
            answer = self.client.create_conference(sent)
        except UserNotFound as error:
            raise refused(PLATFORM, conference.OWNER, error.message) from None
        except RecordNotFound as error:
            raise refused(PLATFORM, conference.TEMPLATE, error.message) from None
        return conference.decode(conference_in(answer))

    def update(self, shown: Record, changes: Fields) -> Record:
        """The changed fields. Objects that go out whole are read first and merged."""
        (their_id,) = split(shown.external_id or "", 1)
        self._check_running(shown, changes)
        payload = None
        if conference.needs_payload(changes):
            payload = self.context.conference(their_id).value
        sent = conference.encode_changes(
            changes, shown.fields, shown.facts, self.context.terms(payload)
        )
        if not sent:
            return shown
        if sent.get("owner"):
            self._invite_owner(their_id, sent["owner"])
        return self._believed(self.client.edit_conference(their_id, sent), shown)

    def delete(self, external_id: str) -> None:
        """A conference that is not running; what was recorded of it stays on the server."""
        (their_id,) = split(external_id, 1)
        confirm_deletion(self.client.delete_conference(their_id), "conference", their_id)

    def _check_running(self, shown: Record, changes: Fields) -> None:
        if shown.facts.get("state") != RUNNING:
            return
        allowed = EDITABLE if self.context.reaches(EDITABLE_SINCE) else frozenset()
        for name in sorted(changes.keys() - allowed):
            raise refused(PLATFORM, name, DESCRIPTION_ALONE if allowed else NOTHING_OF_IT)

    def _invite_owner(self, their_id: str, owner: str) -> None:
        """The owner must be among the invitations, which are added to and never replaced."""
        try:
            self.context.invite(their_id, login_of(owner))
        except UserNotFound as error:
            raise refused(PLATFORM, conference.OWNER, error.message) from None

    def _believed(self, answer: Any, shown: Record) -> Record:
        record = conference.decode(conference_in(answer))
        if record.external_id != shown.external_id:
            raise conference_in(answer).broken("id")
        return record

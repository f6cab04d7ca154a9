"""What a conference leaves behind: sessions, attendance, recordings."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from integrations.base.errors import RecordNotFound
from integrations.base.kinds import KindAdapter
from integrations.base.reading import Row
from integrations.base.records import Page, Record
from integrations.base.texts import say
from integrations.trueconf.adapter.context import Context
from integrations.trueconf.client.paging import CALLS, RECORDS, VISITS, every, pages
from integrations.trueconf.mapping import after
from integrations.trueconf.mapping.answers import inside
from integrations.trueconf.mapping.ids import split
from integrations.trueconf.payloads import PLATFORM

# Oldest first, so that a new row does not move those on later pages.
OLDEST_FIRST = {"sort_order": 0}


class Sessions(KindAdapter):
    """The runs of a conference, from the log of calls (v3.1)."""

    def __init__(self, context: Context) -> None:
        self.client = context.client

    def listing(self, parent_id: str) -> Iterator[Page]:
        """All runs of a conference."""
        (their_id,) = split(parent_id, 1)

        def fetch(page: dict[str, Any]) -> Any:
            return self.client.get_call_list({**page, **OLDEST_FIRST, "named_conf_id": their_id})

        for found, total in pages(fetch, CALLS):
            yield Page(
                tuple(after.decode_session(_of(row, their_id), their_id) for row in found), total
            )

    def get(self, external_id: str) -> Record:
        """One run."""
        their_id, session = split(external_id, 2)
        row = inside(self.client.get_call(session), "call")
        if row.text("named_conf_id") != their_id:
            raise RecordNotFound(
                say("%(platform)s knows it of another conference.", platform=PLATFORM),
                platform=PLATFORM,
            )
        return after.decode_session(row, their_id)


class Attendance(KindAdapter):
    """Who was in a run, from the log of its participants (v3.1)."""

    def __init__(self, context: Context) -> None:
        self.context, self.client = context, context.client

    def listing(self, parent_id: str) -> Iterator[Page]:
        """All visits to a run. The log names logins: addresses come from the list of users."""
        _, session = split(parent_id, 2)

        def fetch(page: dict[str, Any]) -> Any:
            return self.client.get_call_participant_list(session, {**page, **OLDEST_FIRST})

        visits: list[Row] = []
        total: int | None = None
        for found, stated in pages(fetch, VISITS):
            visits += found
            total = stated if stated is not None else total
        emails = self.context.emails() if after.needs_addresses(visits) else {}
        yield Page(tuple(after.decode_attendance(visits, parent_id, emails)), total)


class Recordings(KindAdapter):
    """The recordings of a conference."""

    def __init__(self, context: Context) -> None:
        self.client = context.client

    def listing(self, parent_id: str) -> Iterator[Page]:
        """All recordings, in one answer."""
        (their_id,) = split(parent_id, 1)
        found = every(partial(self.client.get_record_list, their_id), RECORDS)
        yield Page(tuple(after.decode_recording(row, their_id) for row in found))

    def get(self, external_id: str) -> Record:
        """One recording."""
        their_id, name = split(external_id, 2)
        row = inside(self.client.get_record(their_id, name), "record")
        return after.decode_recording(row, their_id)


def _of(row: Row, their_id: str) -> Row:
    """A row of the log that the filter let through; another conference's is not believed."""
    named = row.text("named_conf_id")
    if named is not None and named != their_id:
        raise row.broken("named_conf_id")
    return row

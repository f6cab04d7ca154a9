"""Sessions, attendance and recordings: what a webinar leaves behind."""

import threading
from collections.abc import Iterator

from integrations.base.kinds import KindAdapter
from integrations.base.reading import rows
from integrations.base.records import Page, Record
from integrations.myownconference.adapter.clock import Clock
from integrations.myownconference.adapter.owned import OwnedIds
from integrations.myownconference.client import Client
from integrations.myownconference.mapping import after
from integrations.myownconference.mapping.answers import confirm
from integrations.myownconference.mapping.ids import split, unknown
from integrations.myownconference.payloads import PLATFORM

MOST_KEPT = 50_000  # visits of all webinars together: some 20 MB


class History:
    """Who came to a webinar, and what was written there."""

    def __init__(self, client: Client, owned: OwnedIds, clock: Clock) -> None:
        self._client = client
        self._owned = owned
        self._clock = clock
        self._visits: dict[str, list[after.Entry]] = {}
        self._number = 0  # of all that are kept
        self._lock = threading.Lock()  # lists are read by several threads

    def first_visits(self, alias: str) -> list[after.Entry]:
        """The visits, kept for who asks next: a session is followed by its attendance. Most are
        not asked for, since nothing has moved: of them no more is kept than fits into memory."""
        found = self.entries(alias, "visits")
        with self._lock:
            self._taken_out(alias)
            self._visits[alias] = found
            self._number += len(found)
            while self._number > MOST_KEPT:
                self._taken_out(next(iter(self._visits)))
        return found

    def visits(self, alias: str) -> list[after.Entry]:
        """The visits; those that were kept are given away once."""
        with self._lock:
            kept = self._taken_out(alias)
        return kept or self.entries(alias, "visits")

    def _taken_out(self, alias: str) -> list[after.Entry]:
        found = self._visits.pop(alias, [])
        self._number -= len(found)
        return found

    def entries(self, alias: str, kind: str) -> list[after.Entry]:
        """`kind` visits or chats; in the order of time."""
        zone = self._clock.stamps()
        with self._owned.webinar(alias):
            return after.history(self._client.webinars_history(alias, kind), zone)


class Sessions(KindAdapter):
    """The run of a webinar, which stands for its history of visits."""

    def __init__(self, history: History) -> None:
        self._history = history

    def listing(self, parent_id: str) -> Iterator[Page]:
        """None before anybody came, one afterwards."""
        yield Page(tuple(after.decode_sessions(self._history.first_visits(parent_id), parent_id)))


class Attendance(KindAdapter):
    """Who was in the run."""

    def __init__(self, history: History) -> None:
        self._history = history

    def listing(self, parent_id: str) -> Iterator[Page]:
        """`parent_id` is the session's id."""
        alias, run = split(parent_id)
        if run != after.RUN:
            raise unknown("session")
        yield Page(tuple(after.decode_attendance(self._history.visits(alias), parent_id)))


class Recordings(KindAdapter):
    """Recordings, told by webinar and id."""

    def __init__(self, client: Client, owned: OwnedIds, clock: Clock) -> None:
        self._client = client
        self._owned = owned
        self._clock = clock

    def listing(self, parent_id: str) -> Iterator[Page]:
        """All of a webinar."""
        yield Page(tuple(self._of(parent_id)))

    def get(self, external_id: str) -> Record:
        """One with its links, out of the listing."""
        alias, _ = split(external_id)
        for record in self._of(alias):
            if record.external_id == external_id:
                return record
        raise unknown("recording")

    def delete(self, external_id: str) -> None:
        """Delete one that the listing shows: an id travels alone, so it must be surely ours."""
        self.get(external_id)
        confirm(self._client.webinars_record_delete(split(external_id)[1]), "deletion")

    def _of(self, alias: str) -> list[Record]:
        zone = self._clock.stamps()
        with self._owned.webinar(alias):
            answer = self._client.webinars_records_list(alias)
        return [after.decode_recording(r, alias, zone) for r in rows(answer, "recording", PLATFORM)]

"""What a sync reads of webinars and of who is registered for them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any

from integrations.base.errors import RecordNotFound, RequestRejected
from integrations.base.ids import number
from integrations.base.paging import collect, pages
from integrations.base.reading import Row
from integrations.base.records import Page, Record, parse_instant
from integrations.base.texts import _, say
from integrations.base.undecoded import page_of
from integrations.webinarfuel.adapter.people import People
from integrations.webinarfuel.adapter.remembered import Remembered
from integrations.webinarfuel.client import Client
from integrations.webinarfuel.mapping import viewings, webinar
from integrations.webinarfuel.mapping.ids import pair
from integrations.webinarfuel.mapping.lists import PAGE, SESSIONS, VIEWINGS, WEBINARS, extent_of
from integrations.webinarfuel.mapping.viewings import Viewing
from integrations.webinarfuel.mapping.webinar import Date
from integrations.webinarfuel.payloads import PLATFORM

# Every date of recurring sessions, which else have none [document, sessions].
EXACT = {"sessions_limit": SESSIONS, "exact_recurring_dates": True}

NO_SUCH_DATE = _("This webinar has no such date. Dates are made in WebinarFuel's own panel.")
NO_COMING_DATE = _("This webinar has no coming date. Dates are made in WebinarFuel's own panel.")


class Webinars:
    """Webinars with their dates, hosts and registrant sessions."""

    def __init__(self, client: Client, people: People, now: Callable[[], datetime]) -> None:
        self._client = client
        self._people = people
        self.now = now
        self._webinars: Remembered[Row] = Remembered()
        self._viewings: Remembered[list[Viewing]] = Remembered(most=8)

    def list_all(self) -> Iterator[Page]:
        """List all ready webinars, page by page."""

        def fetch(page: int) -> Any:
            return self._client.list_webinars(page=page, per_page=PAGE, **EXACT)

        for found, total in pages(WEBINARS, fetch, extent_of):
            for row in found:
                self._webinars.put(row.ident("id"), row)
            yield Page(tuple(webinar.decode(row, self.now()) for row in found), total)

    def get(self, webinar_id: str) -> Record:
        """One webinar, asked for now."""
        return webinar.decode(self._ask(webinar_id), self.now())

    def hosts(self, webinar_id: str) -> list[Record]:
        """The hosts; no call where this sync has read the webinar."""
        row = self._webinars.get(webinar_id)
        return webinar.hosts(row if row and "hosts" in row else self._ask(webinar_id))

    def dates(self, webinar_id: str) -> tuple[list[Date], str]:
        """(the dates of a webinar, the name of its zone)."""
        row = self._webinars.get(webinar_id)
        row = row if row and "sessions" in row else self._ask(webinar_id)
        return webinar.dates(row), webinar.zone_name(row)

    def date(self, webinar_id: str, key: str = "") -> tuple[Date, str]:
        """(the date of that key, or the next one to register for; the webinar's zone).

        Raises RequestRejected where there is none.
        """
        found, zone = self.dates(webinar_id)
        if key:
            date = next((one for one in found if one.key == key), None)
        else:
            date = webinar.bookable(found, self.now())
        if date is None:
            text = NO_SUCH_DATE if key else NO_COMING_DATE
            raise RequestRejected(
                text,
                platform=PLATFORM,
                operation="register",
                field_errors={"options.session": [text]},
            )
        return date, zone

    def registrations(self, webinar_id: str) -> Iterator[Page]:
        """Who is registered, always read anew."""
        self._viewings.drop(webinar_id)
        found, steady = self._read(webinar_id)
        known = self._people.named(one.registrant_id for one in found)
        registered = viewings.registered(found, known, self.now())
        yield page_of(registered, viewings.registration, told=attrgetter("told"))
        if not steady:
            raise VIEWINGS.moved()

    def sessions(self, webinar_id: str) -> Iterator[Page]:
        """The dates that have begun; no call where this sync has read who is registered."""
        found, steady = self._known(webinar_id)
        yield Page(tuple(viewings.sessions(found, webinar_id, self.now())))
        if not steady:
            raise VIEWINGS.moved()

    def attendance(self, session: str) -> Iterator[Page]:
        """Who attended a session; no call where this sync has read who is registered."""
        webinar_id, key = pair(session)
        found, steady = self._viewings.get(webinar_id), True
        if found is None:
            session_id, _, starts_at = key.partition("@")
            narrower = {"webinar_session_id": number(session_id, PLATFORM), **_at(starts_at)}
            found, steady = self._read(webinar_id, **narrower)
        there = [one for one in found if one.key == key and came(one)]
        known = self._people.named(one.registrant_id for one in there)
        yield Page(tuple(viewings.attendance(one, known.get(one.registrant_id)) for one in there))
        if not steady:
            raise VIEWINGS.moved()

    def of(self, webinar_id: str, registrant_id: str) -> list[Viewing]:
        """All dates of one person in a webinar, asked for now. Raises RecordNotFound."""
        one = self._people.named([number(registrant_id, PLATFORM)]).get(registrant_id)
        found = self._read(number(webinar_id, PLATFORM), email=one.email)[0] if one else []
        mine = [viewing for viewing in found if viewing.registrant_id == registrant_id]
        if not mine:
            raise unknown(
                say("%(platform)s shows no registration of this person.", platform=PLATFORM)
            )
        return mine

    def registration(self, webinar_id: str, registrant_id: str) -> Record:
        """One person in a webinar; RecordNotFound for who canceled all of their dates."""
        mine = self.of(webinar_id, registrant_id)
        known = self._people.named([registrant_id])
        for registered in viewings.registered(mine, known, self.now()):
            return viewings.registration(registered)
        raise unknown(_("The registration was canceled."))

    def viewing(self, cid: str) -> Viewing:
        """One registrant session, asked for now. Raises RecordNotFound."""
        row = viewings.viewing_in(self._client.get_registrant_session(number(cid, PLATFORM)))
        one = viewings.decode(row)
        if one.cid != cid:
            raise row.unexpected(_("%(platform)s answered with another registrant session."))
        return one

    def attended(self, cid: str) -> Record:
        """The same as attendance; RecordNotFound where nobody attended."""
        one = self.viewing(cid)
        if not came(one):
            raise unknown(_("Nobody attended."))
        known = self._people.named([one.registrant_id])
        return viewings.attendance(one, known.get(one.registrant_id))

    def forget(self, webinar_id: str) -> None:
        """Someone was registered: what was read of it is old."""
        self._viewings.drop(webinar_id)

    def _ask(self, webinar_id: str) -> Row:
        row = webinar.webinar_in(self._client.get_webinar(number(webinar_id, PLATFORM), **EXACT))
        if row.ident("id") != webinar_id:
            raise row.unexpected(_("%(platform)s answered with another webinar."))
        self._webinars.put(webinar_id, row)
        return row

    def _known(self, webinar_id: str) -> tuple[list[Viewing], bool]:
        found = self._viewings.get(webinar_id)
        return self._read(webinar_id) if found is None else (found, True)

    def _read(self, webinar_id: str, **narrower: Any) -> tuple[list[Viewing], bool]:
        """The registrant sessions of a webinar; those of another one are not believed."""

        def fetch(page: int) -> Any:
            return self._client.list_registrant_sessions(
                page=page, per_page=PAGE, webinar_id=number(webinar_id, PLATFORM), **narrower
            )

        listed, steady = collect(VIEWINGS, fetch, extent_of)
        found = [viewings.decode(row) for row in listed]
        for row, one in zip(listed, found, strict=True):
            if one.webinar_id != webinar_id:
                raise row.unexpected(
                    _("%(platform)s answered with a registrant session of another webinar.")
                )
        if steady and not narrower:
            self._viewings.put(webinar_id, found)
        return found, steady


def came(one: Viewing) -> bool:
    """Whether a viewing took place."""
    return (one.attended or one.watched) and not one.canceled


def unknown(sentence: str) -> RecordNotFound:
    """The error for what the platform does not show."""
    return RecordNotFound(sentence, platform=PLATFORM, operation="registrant session")


def _at(starts_at: str) -> dict[str, str]:
    """The filter for one moment: both of its ends belong to it."""
    if not starts_at:
        return {}
    try:
        parse_instant(starts_at)
    except ValueError:
        raise unknown(say("%(platform)s cannot know such a session.", platform=PLATFORM)) from None
    return {"before_scheduled_at": starts_at, "after_scheduled_at": starts_at}

"""Registering someone: choose the date, never double a person, find the personal links."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from integrations.base import errors
from integrations.base.answers import FIELD, packed
from integrations.base.errors import CredentialsRejected, PlatformError, RequestRejected
from integrations.base.ids import number
from integrations.base.outcome import once_sent
from integrations.base.reading import Row
from integrations.base.records import Fields, Kind, Record
from integrations.base.texts import _, say
from integrations.webinarfuel.adapter.people import People
from integrations.webinarfuel.adapter.webinars import Webinars
from integrations.webinarfuel.client import Client
from integrations.webinarfuel.credentials import Settings
from integrations.webinarfuel.mapping import people as persons
from integrations.webinarfuel.mapping import viewings
from integrations.webinarfuel.mapping.people import Person
from integrations.webinarfuel.mapping.webinar import REGISTRANT, Date
from integrations.webinarfuel.payloads import PLATFORM


class Registrar:
    """Registers people for the webinars of one account."""

    def __init__(
        self, client: Client, people: People, webinars: Webinars, settings: Settings
    ) -> None:
        self._client = client
        self._people = people
        self._webinars = webinars
        self._settings = settings

    def register(self, webinar_id: str, fields: Fields, key: str = "") -> Record:
        """Register a person for the date of that key, else for the next one.

        Who is a registrant already is named by the address as it is written there and by nothing
        else: a create updates what it is given [document, Create Registrant], and what we
        call a person must not overwrite what they are called there. What they answered is theirs to
        say, and is sent beside what they had answered before. `tags` are never sent.
        """
        address = _address(fields)
        date, zone = self._webinars.date(number(webinar_id, PLATFORM), key)
        known = self._people.find(address)
        body: dict[str, Any] = {
            "webinar_id": int(webinar_id),
            "registrant": self._person(known, fields) if known else persons.newcomer(fields),
            "session": self._session(date, zone),
        }
        self._webinars.forget(webinar_id)
        with once_sent(self._client.http):
            answer = self._client.create_registrant(body)
            one = _as_sent(known, body["registrant"]) if known else _registered(answer, fields)
        return self._with_links(webinar_id, one, fields)

    def _person(self, known: Person, fields: Fields) -> dict[str, Any]:
        """Somebody who is there. Their custom fields are read just before they are sent: a list may
        be replaced as a whole, as it is with tags."""
        held: dict[str, Any] = {}
        if fields.get(FIELD):
            row = persons.registrant_in(self._client.get_registrant(known.id))
            if row.ident("id") != known.id:
                raise row.unexpected(_("%(platform)s answered with another registrant."))
            held = persons.custom_fields(row)
        return persons.known_one(known, fields, held)

    def by_oneclick(self, webinar_id: str, fields: Fields) -> Record:
        """Register a person for the next date by the webinar's own OneClick key.

        `scheduled_at` is for recurring sessions only, and without it they take the next possible
        time [document, OneClick]: it is left out.
        """
        address = _address(fields)
        secret = self._settings.oneclick.get(number(webinar_id, PLATFORM))
        if not secret:
            raise refused("email", _("The account has no OneClick key of this webinar."))
        date, zone = self._webinars.date(webinar_id)
        session = {k: v for k, v in self._session(date, zone).items() if k != "scheduled_at"}
        person = {**persons.newcomer(fields), **session}
        self._webinars.forget(webinar_id)
        self._by_key({"oneclick_key": secret, "webinar_id": webinar_id, **person})
        one = None
        with suppress(PlatformError):
            one = self._people.find(address)
        return self._with_links(webinar_id, one, fields)

    def _by_key(self, query: dict[str, Any]) -> None:
        """A refused OneClick key is that of one webinar: the account's own is as good as before."""
        try:
            self._client.create_by_oneclick(query)
        except CredentialsRejected as error:
            if error.status is None:
                raise
            text = say("%(platform)s refused the OneClick key of this webinar.", platform=PLATFORM)
            raise refused("email", text) from None

    def links(self, webinar_id: str, fields: Fields) -> Record:
        """The registration of a person, found by address; RequestRejected where there is none."""
        address = _address(fields)
        one = self._people.find(address)
        if one is None:
            raise refused(
                "email",
                say(
                    "%(address)s is not a registrant on %(platform)s.",
                    address=address,
                    platform=PLATFORM,
                ),
            )
        return self._webinars.registration(webinar_id, one.id)

    def _session(self, date: Date, zone: str) -> dict[str, Any]:
        """The date as the platform named it; a zone where the webinar runs in each person's own."""
        session: dict[str, Any] = {"webinar_session_id": int(date.session_id)}
        if date.said:
            session["scheduled_at"] = date.said
        if zone == REGISTRANT:
            session["time_zone"] = self._settings.time_zone
        return session

    def _with_links(self, webinar_id: str, one: Person | None, fields: Fields) -> Record:
        """The registration that was just made, with its links, which cost one more call.

        It stands whatever becomes of that call: then the next listing brings the links.
        """
        if one is not None:
            self._people.meet(one)
            with suppress(PlatformError):
                return self._webinars.registration(webinar_id, one.id)
        named = {name: str(fields.get(name) or "") for name in ("first_name", "last_name")}
        return Record(
            Kind.REGISTRATION,
            f"{webinar_id}/{one.id}" if one else None,
            {"email": _address(fields), **named},
            parent_id=webinar_id,
        )


def refused(field: str, sentence: str) -> RequestRejected:
    """The error for what can be seen to be wrong before anything is sent."""
    return errors.refused(PLATFORM, field, sentence, "register")


def _as_sent(known: Person, sent: Mapping[str, Any]) -> Person:
    """Somebody who was there, with what they have answered now."""
    said = sent.get("custom_fields")
    return replace(known, answers=packed(said)) if said else known


def _address(fields: Fields) -> str:
    address = persons.address(fields)
    if not address:
        raise refused("email", _("An e-mail address is needed."))
    return address


def _registered(answer: Any, fields: Fields) -> Person | None:
    """Who was registered, out of an answer whose shape no document shows; None: it has no body.

    A registrant stands in it bare or wrapped, or a registrant session names one. What speaks of
    somebody else, or of nobody, is not believed.
    """
    if answer is None:
        return None
    sent = persons.newcomer(fields)
    row = persons.registrant_in(answer)
    if row.text("email") is not None:
        if row.email("email") != sent["email"]:
            raise row.unexpected(_("%(platform)s answered with another registrant."))
        return persons.person(row)
    found = viewings.viewing_in(answer).maybe_ident("registrant_id")
    if found is None:
        raise Row(answer, "registrant", PLATFORM).broken("email")
    return Person(found, sent["email"], sent.get("first_name", ""), sent.get("last_name", ""), None)

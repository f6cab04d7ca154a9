"""Participants of the account, and their registrations for its webinars.

Whoever is to be attached to a webinar must be a participant first [Creating participants]; that
is looked up, never tried, so that no refusal has to be interpreted.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from integrations.base.errors import refused
from integrations.base.kinds import KindAdapter
from integrations.base.reading import Row
from integrations.base.records import Draft, Fields, Kind, Page, Record
from integrations.base.texts import _, say
from integrations.base.undecoded import page_of
from integrations.myownconference.adapter.owned import OwnedIds, unless_gone
from integrations.myownconference.client import Client
from integrations.myownconference.mapping import people
from integrations.myownconference.mapping.answers import confirm, numbered
from integrations.myownconference.mapping.ids import split, unknown
from integrations.myownconference.payloads import PLATFORM, AttendeeQuery

# The document's own number, for a platform that does not answer all at once.
PAGE = 100
OLDEST_FIRST: AttendeeQuery = {"orderField": "creation_date", "order": "ASC"}
BRIEF = ["name", "email"]
# What attendeesCreate does not take.
MORE = ("phone", "company")


class Directory:
    """The participants of an account as one asks for them."""

    def __init__(self, client: Client, *, may_add: bool) -> None:
        self._client = client
        self.may_add = may_add
        self.known: set[str] = set()

    def pages(
        self, fields: list[str], decode: Callable[[Row], Record], **only: str
    ) -> Iterator[Page]:
        """The listing as records, numbered where they have no address."""
        seen: Counter[str] = Counter()
        for found, total in self._rows(_query(fields, only)):
            addresses = [row.email("email") for row in found]
            if not only:
                self.known.update(filter(None, addresses))
            told = [
                row if address else numbered([decode(row)], seen)[0]
                for row, address in zip(found, addresses, strict=True)
            ]
            yield page_of(told, decode, total)

    def find(self, email: str, fields: list[str], **only: str) -> Row | None:
        """The participant with an address, of the account or `only` of a webinar or group."""
        for found, _total in self._rows(_query(fields, {"search": email, **only})):
            row = people.one_with(found, email)
            if row is not None:
                return row
        return None

    def ensure(self, fields: Fields, *, may_add: bool) -> str:
        """Make sure that a person is a participant; answers their address."""
        email = people.address(fields)
        if not email:
            raise refused(PLATFORM, "email", _("A participant needs an e-mail address."))
        if email not in self.known and self.find(email, BRIEF) is None:
            if not may_add:
                raise refused(
                    PLATFORM,
                    "email",
                    say(
                        "%(email)s is not among the participants on MyOwnConference, and this "
                        "account is set up not to add people there by itself.",
                        email=email,
                    ),
                )
            confirm(self._client.attendees_create(email, people.full_name(fields)), "participant")
        self.known.add(email)
        return email

    def _rows(self, params: AttendeeQuery) -> Iterator[tuple[list[Row], int]]:
        """One call, since without `onPage` the list is not paged [Obtaining a list of
        participants]. The same place calls 100 the default: if less than the count comes, the
        list is read anew, page by page."""
        asked: AttendeeQuery = {**params, **OLDEST_FIRST}
        found, total = people.listing(self._client.attendees_list(asked))
        if len(found) >= total:
            yield found, total
            return
        seen, number = 0, 0
        while seen < total:
            number += 1
            page: AttendeeQuery = {**asked, "onPage": PAGE, "page": number}
            found, total = people.listing(self._client.attendees_list(page))
            seen += len(found)
            yield found, total
            if not found:
                return


def _query(fields: list[str], only: Mapping[str, str]) -> AttendeeQuery:
    return cast(AttendeeQuery, {"fields": fields, **only})


class Attendees(KindAdapter):
    """Participants, told by their address."""

    def __init__(self, client: Client, directory: Directory) -> None:
        self._client = client
        self._directory = directory

    def listing(self, parent_id: str) -> Iterator[Page]:
        """All participants."""
        yield from self._directory.pages(people.LISTED, people.decode_attendee)

    def get(self, external_id: str) -> Record:
        """One participant; one without an address is looked for among all."""
        if "@" in external_id:
            row = self._directory.find(external_id, people.LISTED)
            if row is not None:
                return people.decode_attendee(row)
            raise unknown("participant")
        for page in self.listing(""):
            for record in page.records:
                if record.external_id == external_id:
                    return record
        raise unknown("participant")

    def create(self, draft: Draft) -> Record:
        """Add a participant, and tell what attendeesCreate does not take. The answer shows nothing
        of them, so neither does the record."""
        email = self._directory.ensure(draft.fields, may_add=self._directory.may_add)
        more = people.encode_attendee({n: draft.fields.get(n) or None for n in MORE}, {})
        if any(more.values()):
            confirm(self._client.attendees_set(email, more), "participant")
        return Record(Kind.ATTENDEE, email, {"email": email})

    def update(self, shown: Record, changes: Fields) -> None:
        """Send what has changed."""
        sent = people.encode_attendee(changes, shown.fields)
        email = people.address(shown.fields)
        if sent and email:
            with self._unless_gone(email):
                confirm(self._client.attendees_set(email, sent), "participant")

    def delete(self, external_id: str) -> None:
        """Remove a participant from the account, and so from all its webinars."""
        if "@" not in external_id:
            raise unknown("participant")
        self._directory.known.discard(external_id)
        with self._unless_gone(external_id):
            confirm(self._client.attendees_delete([external_id]), "deletion")

    def _unless_gone(self, email: str) -> Any:
        return unless_gone("participant", lambda: self._directory.find(email, BRIEF) is not None)


class Registrations(KindAdapter):
    """Participants attached to a webinar, told by webinar and address."""

    FIELDS = ["name", "email", "type", "link"]

    def __init__(self, client: Client, owned: OwnedIds, directory: Directory) -> None:
        self._client = client
        self._owned = owned
        self._directory = directory

    def listing(self, parent_id: str) -> Iterator[Page]:
        """With their links, which are shown beside `alias` only."""
        with self._owned.webinar(parent_id):
            yield from self._directory.pages(
                self.FIELDS, lambda row: people.decode_registration(row, parent_id), alias=parent_id
            )

    def create(self, draft: Draft) -> Record:
        """Attach a person, who is made a participant first if need be: two or three calls."""
        alias = draft.parent_id or ""
        with self._owned.webinar(alias):
            email = self._directory.ensure(draft.fields, may_add=True)
            confirm(self._client.attendees_add_to_webinar(alias, [email]), "registration")
        shown = people.expected_person(draft.fields)
        return Record(Kind.REGISTRATION, f"{alias}/{email}", shown, parent_id=alias)

    def delete(self, external_id: str) -> None:
        """Detach a person. Who is registered is looked up first: the platform may say yes to
        detaching whoever is not."""
        alias, email = split(external_id)
        with self._owned.webinar(alias):
            if self._directory.find(email, BRIEF, alias=alias) is None:
                raise unknown("registration")
            confirm(self._client.attendees_remove_from_webinar(alias, [email]), "withdrawal")

    def link(self, alias: str, email: str) -> str:
        """The personal link of someone who is registered; empty where there is none."""
        with self._owned.webinar(alias):
            row = self._directory.find(email, self.FIELDS, alias=alias)
        return row.link("link") if row is not None else ""

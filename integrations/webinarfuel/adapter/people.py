"""Who the registrants are, remembered for one sync.

A registrant session names its registrant by number alone, a tag is found on its carriers alone,
and the platform's filter by e-mail knows one spelling alone. All three need the list of
registrants, so it is read once and then remembered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from integrations.base.errors import RecordNotFound
from integrations.base.paging import collect, pages
from integrations.base.reading import rows
from integrations.base.records import Page
from integrations.base.texts import _
from integrations.base.undecoded import page_of
from integrations.webinarfuel.adapter.remembered import Remembered
from integrations.webinarfuel.client import Client
from integrations.webinarfuel.mapping import people
from integrations.webinarfuel.mapping.lists import PAGE, REGISTRANTS, extent_of
from integrations.webinarfuel.mapping.people import Person
from integrations.webinarfuel.payloads import PLATFORM

# So few unknown people are asked for one by one; for more the list is read.
FEW = 3
ALL = "all"


class People:
    """The registrants that a sync has met."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._met: dict[str, Person] = {}
        self._complete: Remembered[bool] = Remembered()

    def list_all(self) -> Iterator[Page]:
        """List all registrants, always anew."""
        self._complete.drop(ALL)
        fresh: dict[str, Person] = {}
        totals: set[int | None] = set()
        count = 0
        for found, total in pages(REGISTRANTS, self._page, extent_of):
            fresh |= {one.id: one for one in map(people.person, found)}
            totals.add(total)
            count += len(found)
            yield page_of(found, people.decode, total)
        if count == len(fresh) and totals <= {count, None}:
            self._know_all(fresh)

    def all(self) -> tuple[list[Person], bool]:
        """(everybody, whether they may be believed to be all), from memory where that is whole."""
        if not self._complete.get(ALL):
            found, steady = collect(REGISTRANTS, self._page, extent_of)
            fresh = {one.id: one for one in map(people.person, found)}
            if not steady:
                return list(fresh.values()), False
            self._know_all(fresh)
        return list(self._met.values()), True

    def named(self, ids: Iterable[str]) -> dict[str, Person]:
        """Who these are; someone whom the platform does not know is left out."""
        wanted = set(ids)
        if len(wanted - self._met.keys()) > FEW and not self._complete.get(ALL):
            self._met |= {one.id: one for one in self.all()[0]}
        for unknown in sorted(wanted - self._met.keys()):
            try:
                self.get(unknown)
            except RecordNotFound:
                continue
        met = self._met  # another thread that has read the list puts others in their place
        return {ident: met[ident] for ident in wanted & met.keys()}

    def get(self, registrant_id: str) -> Person:
        """One registrant, asked for now. Raises RecordNotFound."""
        row = people.registrant_in(self._client.get_registrant(registrant_id))
        one = self.meet(people.person(row))
        if one.id != registrant_id:
            raise row.unexpected(_("%(platform)s answered with another registrant."))
        return one

    def find(self, address: str) -> Person | None:
        """The registrant with this address, however its letters are written there.

        Their filter by e-mail is case-sensitive [document, Retrieve all Registrants]:
        where it finds nobody, someone whose address is written otherwise may still be there, and
        would be made a second time. So the whole list is read, once in a sync.
        """
        if one := self._spelt(address):
            return one
        if self._complete.get(ALL):
            return None
        answer = self._client.list_registrants(email=address, page=1, per_page=PAGE)
        for row in rows(answer, REGISTRANTS.what, PLATFORM, REGISTRANTS.envelopes):
            self.meet(people.person(row))
        if one := self._spelt(address):
            return one
        everybody, steady = self.all()
        if not steady:
            self._met |= {one.id: one for one in everybody}
        return self._spelt(address)

    def meet(self, one: Person) -> Person:
        """Remember what an answer showed of someone; tags that it left out stay as they were."""
        known = self._met.get(one.id)
        if one.tags is None and known is not None:
            one = replace(one, tags=known.tags)
        self._met[one.id] = one
        return one

    def tagged(self, one: Person, tag: str, carries: bool) -> None:
        """Remember that a tag was given to someone, or taken."""
        others = [other for other in one.tags or () if other != tag]
        self._met[one.id] = replace(one, tags=tuple([*others, tag] if carries else others))

    def _know_all(self, fresh: dict[str, Person]) -> None:
        self._met = fresh
        self._complete.put(ALL, True)

    def _spelt(self, address: str) -> Person | None:
        same = [one for one in self._met.values() if one.email.casefold() == address.casefold()]
        exact = [one for one in same if one.email == address]
        return next(iter(exact or sorted(same, key=lambda one: int(one.id))), None)

    def _page(self, number: int) -> Any:
        return self._client.list_registrants(page=number, per_page=PAGE)

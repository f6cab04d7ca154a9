"""Tags: the groups of WebinarFuel. One exists only while somebody carries it."""

from collections.abc import Iterator
from typing import Any

from integrations.base.errors import RecordNotFound
from integrations.base.ids import LONGEST_PART, shortened
from integrations.base.outcome import once_sent
from integrations.base.records import Page, Record
from integrations.base.texts import _, say
from integrations.webinarfuel.adapter.people import People
from integrations.webinarfuel.adapter.registrations import refused
from integrations.webinarfuel.client import Client
from integrations.webinarfuel.mapping import people as persons
from integrations.webinarfuel.mapping.ids import pair
from integrations.webinarfuel.mapping.lists import REGISTRANTS
from integrations.webinarfuel.mapping.people import Person
from integrations.webinarfuel.payloads import PLATFORM


class Tags:
    """The tags of one account's registrants."""

    def __init__(self, client: Client, people: People) -> None:
        self._client = client
        self._people = people

    def list_all(self, group: str | None = None) -> Iterator[Page]:
        """All tags as groups, or who is in one of them."""
        everybody, steady = self._people.all()
        for one in everybody:
            self._shown(one)
        found = (
            persons.groups(everybody) if group is None else persons.memberships(everybody, group)
        )
        yield Page(tuple(found))
        if not steady:
            raise REGISTRANTS.moved()

    def get(self, external_id: str) -> Record:
        """One membership, asked for now. Raises RecordNotFound."""
        return persons.membership(*self._carried(external_id))

    def join(self, address: str, group: str) -> Record:
        """Give the tag of a group to a registrant. Raises RecordNotFound for one cut short that
        nobody carries any more."""
        if len(group) < LONGEST_PART:
            return self.give(address, group)
        for one in self._people.all()[0]:
            for tag in self._shown(one).tags or ():
                if shortened(tag) == group:
                    return self._given(address, tag)
        raise RecordNotFound(_("Nobody carries this tag."), platform=PLATFORM, operation="add tags")

    def give(self, address: str, tag: str) -> Record:
        """Give a tag to a registrant: one call, and one more to find how the address is written.

        Raises RecordNotFound for who is no registrant yet: they can be tagged once they are.
        """
        if not tag.strip() or len(tag) >= LONGEST_PART:
            raise refused(
                "name",
                say("A tag has between 1 and %(most)d characters here.", most=LONGEST_PART - 1),
            )
        return self._given(address, tag)

    def _given(self, address: str, tag: str) -> Record:
        one = self._people.find(address)
        if one is None:
            raise RecordNotFound(
                say(
                    "%(address)s is not on %(platform)s yet: a person stands there from the first "
                    "registration on, and can be given a tag then.",
                    address=address,
                    platform=PLATFORM,
                ),
                platform=PLATFORM,
                operation="add tags",
            )
        with once_sent(self._client.http):
            self._confirmed(self._client.add_tags(one.email, [tag]), one, tag, carries=True)
        return persons.membership(one, tag)

    def take(self, external_id: str) -> None:
        """Take a tag from a registrant. Raises RecordNotFound where they do not carry it."""
        one, tag = self._carried(external_id)
        with once_sent(self._client.http):
            self._confirmed(self._client.remove_tags(one.email, [tag]), one, tag, carries=False)

    def _carried(self, external_id: str) -> tuple[Person, str]:
        registrant_id, group = pair(external_id)
        one = self._shown(self._people.get(registrant_id))
        for tag in one.tags or ():
            if shortened(tag) == group:
                return one, tag
        raise RecordNotFound(
            say(
                "%(email)s does not carry this tag on %(platform)s.",
                email=one.email,
                platform=PLATFORM,
            ),
            platform=PLATFORM,
            operation="tags",
        )

    def _shown(self, one: Person) -> Person:
        """A registrant whose tags were shown: what an answer leaves out is not "none"."""
        if one.tags is None:
            raise persons.registrant_in({}).broken("tags")
        return one

    def _confirmed(self, answer: Any, one: Person, tag: str, *, carries: bool) -> None:
        """Believe a change if its answer is empty or shows the same registrant so changed."""
        if answer is not None:
            row = persons.registrant_in(answer)
            shown = persons.person(row)
            if shown.id != one.id:
                raise row.unexpected(_("%(platform)s answered with another registrant."))
            if shown.tags is not None and (tag in shown.tags) is not carries:
                raise row.broken("tags")
        self._people.tagged(one, tag, carries)

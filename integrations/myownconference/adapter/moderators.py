"""Moderators of a webinar, told by webinar and address."""

from collections.abc import Iterator

from integrations.base.errors import refused
from integrations.base.kinds import KindAdapter
from integrations.base.reading import Row
from integrations.base.records import Draft, Fields, Kind, Page, Record
from integrations.base.texts import _
from integrations.myownconference.adapter.owned import OwnedIds, unless_gone
from integrations.myownconference.client import Client
from integrations.myownconference.mapping import people
from integrations.myownconference.mapping.answers import confirm, yes_no
from integrations.myownconference.mapping.ids import split, unknown
from integrations.myownconference.payloads import PLATFORM


class Moderators(KindAdapter):
    """A moderator belongs to the account, and is attached to webinars.

    `write` says whether the platform writes to them at once, or by its schedule.
    """

    def __init__(self, client: Client, owned: OwnedIds, *, write: bool) -> None:
        self._client = client
        self._owned = owned
        self._write = write
        self._links: dict[tuple[str, str], str] = {}

    def listing(self, parent_id: str) -> Iterator[Page]:
        """All of a webinar. Their links cost a call for each of them: the records are partial."""
        found = self.rows(parent_id)
        yield Page(tuple(people.decode_moderator(row, parent_id) for row in found))

    def get(self, external_id: str) -> Record:
        """One with the personal link; the links of all their webinars come in one answer."""
        alias, email = split(external_id)
        row = people.one_with(self.rows(alias), email)
        if row is None:
            raise unknown("moderator")
        return people.decode_moderator(row, alias, self.link(alias, email))

    def create(self, draft: Draft) -> Record:
        """Attach a moderator, who is added to the account first if need be."""
        alias, email = draft.parent_id or "", people.address(draft.fields)
        if not email:
            raise refused(PLATFORM, "email", _("A moderator needs an e-mail address."))
        name = people.moderator_name(draft.fields)
        with self._owned.webinar(alias):
            shown = self._ensure(email, name)
            answer = self._client.moderators_add_to_webinar(alias, [email], yes_no(self._write))
            confirm(answer, "moderator")
        fields = {"email": email, **({"name": shown} if shown else {})}
        return Record(Kind.MODERATOR, f"{alias}/{email}", fields, parent_id=alias, partial=True)

    def update(self, shown: Record, changes: Fields) -> None:
        """Rename; it holds for all their webinars."""
        email = people.address(shown.fields)
        if changes.get("name"):
            name = people.moderator_name({**changes, "email": email})
            with unless_gone("moderator", lambda: self.of_account(email) is not None):
                confirm(self._client.moderators_set(email, {"newName": name}), "moderator")

    def delete(self, external_id: str) -> None:
        """Detach a moderator; they stay in the account. Who is attached is looked up first: the
        platform may say yes to detaching whoever is not."""
        alias, email = split(external_id)
        self._links.pop((alias, email), None)
        with self._owned.webinar(alias):
            row = people.one_with(self.rows(alias), email)
            if row is None:
                raise unknown("moderator")
            if row.flag("main"):
                raise refused(PLATFORM, "email", people.MAIN_STAYS)
            answer = self._client.moderators_remove_from_webinar(alias, [email])
            confirm(answer, "moderator")

    def rows(self, alias: str) -> list[Row]:
        """The moderators of a webinar as they are listed."""
        with self._owned.webinar(alias):
            return people.moderator_rows(self._client.moderators_list({"alias": alias}))

    def of_account(self, email: str) -> Row | None:
        """The moderator of the account with an address."""
        found = people.moderator_rows(self._client.moderators_list({"search": email}))
        return people.one_with(found, email)

    def link(self, alias: str, email: str) -> str:
        """The personal link of a moderator; empty where the platform shows none."""
        if (alias, email) not in self._links:
            answer = self._client.moderators_rooms(email)
            found = people.room_links(answer, "moderatorLink")
            self._links |= {(room, email): link for room, link in found.items()}
        return self._links.get((alias, email), "")

    def _ensure(self, email: str, name: str) -> str:
        """Make sure that the account has the moderator; answers the name that they have there,
        empty for a new one: what became of theirs is not shown."""
        row = self.of_account(email)
        if row is not None:
            return row.text("name") or ""
        confirm(self._client.moderators_create(name, email), "moderator")
        return ""

"""What is surely the account's own: nothing else is ever asked about.

The document threatens to block an account that asks for what is not its own [Access key], so an
alias or a group's id is sent only after a listing, or the answer to a create, has given it to this
very connection. The same knowledge tells a refusal from an absence without reading any text.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from integrations.base.errors import RequestRejected
from integrations.base.reading import Row, rows
from integrations.myownconference.client import Client
from integrations.myownconference.mapping.answers import ident
from integrations.myownconference.mapping.conference import ALIAS, OPEN, alias_of
from integrations.myownconference.mapping.ids import unknown
from integrations.myownconference.mapping.people import group_rows
from integrations.myownconference.payloads import PLATFORM


class OwnedIds:
    """The aliases and groups that this connection was shown, and so may ask about."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.aliases: set[str] = set()
        self.groups: set[str] = set()

    def webinars(self, fields: tuple[str, ...] = ()) -> Iterator[tuple[str, list[Row]]]:
        """(status, rows) of all webinars: one call for each status, since rows do not show it.

        The active ones first: one that ends in between is then shown twice, and not missed.
        """
        for status in OPEN:
            answer = self._client.webinars_list({"fields": list(fields), "status": status})
            found = rows(answer, "webinar", PLATFORM)
            self.aliases |= {alias_of(row) for row in found}
            yield status, found

    def group_rows(self) -> list[Row]:
        """The rows of all groups: one call."""
        found = group_rows(self._client.attendees_groups_list())
        self.groups |= {ident(row, "id") for row in found}
        return found

    @contextmanager
    def webinar(self, alias: str) -> Iterator[None]:
        """Inside it the webinar may be asked about. Two calls more where it is not known yet.

        Raises RecordNotFound where no listing shows it, at once or after a refusal.
        """
        if not self._knows_webinar(alias):
            raise unknown("webinar")
        with unless_gone("webinar", lambda: self._still_webinar(alias)):
            yield

    @contextmanager
    def group(self, group_id: str) -> Iterator[None]:
        """The same for a group. One call more where it is not known yet."""
        if not self._knows_group(group_id):
            raise unknown("group")
        with unless_gone("group", lambda: self._still_group(group_id)):
            yield

    def _knows_webinar(self, alias: str) -> bool:
        if alias in self.aliases:
            return True
        if not ALIAS.fullmatch(alias):
            return False
        return any(alias in self.aliases for _ in self.webinars(("alias",)))

    def _still_webinar(self, alias: str) -> bool:
        self.aliases.clear()
        return self._knows_webinar(alias)

    def _knows_group(self, group_id: str) -> bool:
        if group_id not in self.groups:
            self.group_rows()
        return group_id in self.groups

    def _still_group(self, group_id: str) -> bool:
        self.groups.clear()
        return self._knows_group(group_id)


@contextmanager
def unless_gone(what: str, is_there: Callable[[], bool]) -> Iterator[None]:
    """A refusal of what is not there any more is an absence: a listing decides, never a text."""
    try:
        yield
    except RequestRejected as refusal:
        # Without a status it is our own refusal, which has asked nobody.
        if refusal.status is None or is_there():
            raise
        raise unknown(what) from None

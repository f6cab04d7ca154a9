"""How TrueConf's lists are read to their end, however a server pages them.

The document has numbered pages with a total (conferences, logs), numbered ones without (users,
presets, contacts), a cursor (groups), and whole lists (invitations). Servers differ from it: lists
of users name the next page too, pages are counted from 0 or from 1, and a server may show fewer
rows than were asked for. So the first page is asked for without a number, and the answer decides:
a `next_page_id` is followed until -1; without one, pages are counted until one is not full.

A listing that does not surely come to its end is an error, and never looks like its end.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from integrations.base.errors import UnexpectedAnswer
from integrations.base.paging import MOST_PAGES, is_round
from integrations.base.reading import Row, rows
from integrations.base.texts import _, say
from integrations.trueconf.payloads import PLATFORM

Fetch = Callable[[dict[str, Any]], Any]
# The most that the document allows. Conferences are large, and are read in smaller pages.
PAGE, CONFERENCES = 1000, 200
# The lengths of a page that nobody asked for. The server need not have heard our page size.
DEFAULTS = (20, 200)
LONGEST_CURSOR = 200
NEXT, END = "next_page_id", "-1"


@dataclass(frozen=True, slots=True)
class ServerList:
    """One of the server's lists: the envelope of its rows, what a row is, the key of its total, and
    the fields that tell its rows apart. `size` is how many are asked for at once; 0: the list has
    no pages."""

    envelope: str
    what: str
    count: str = ""
    ident: tuple[str, ...] = ("id",)
    size: int = PAGE


CONFERENCE_LIST = ServerList("conferences", "conference", "cnt", size=CONFERENCES)
ALL_CONFERENCES = ServerList("conferences", "conference", size=0)
USERS = ServerList("users", "user")
GROUPS = ServerList("groups", "group")
CONTACTS = ServerList("contacts", "contact")
PRESETS = ServerList("presets", "preset")
INVITATIONS = ServerList("invitations", "invitation", size=0)
RECORDS = ServerList("records", "record", ident=("name",), size=0)
TEMPLATES = ServerList("templates", "template", size=0)
PRESENT = ServerList("participants", "participant", "count", ("participant_id", "id"))
ALL_PRESENT = ServerList("participants", "participant", size=0)
CALLS = ServerList("list", "call", "cnt", ("conference_id",))
VISITS = ServerList("list", "visit", "cnt", ("call_id", "join_time"))
CALLED = ServerList("list", "call", "cnt", ("call_id", "invited_call_id", "invite_time"))
CALL_RECORDS = ServerList("list", "recording", "cnt", ("conference_id", "name"))
RECORDINGS = ServerList("list", "recording", "cnt")
MESSAGES = ServerList("list", "message", "cnt")


def pages(fetch: Fetch, of: ServerList) -> Iterator[tuple[list[Row], int | None]]:
    """Each page's rows, with the whole list's total where the server states it.

    `fetch` is given the paging parameters. Raises UnexpectedAnswer for a listing that repeats
    itself, stands still or does not end.
    """
    reader = _Reader(fetch, of)
    while not reader.ended:
        found = reader.read()
        if found is not None:
            yield found
        if reader.asked > MOST_PAGES:
            raise _broken(of, _("%(platform)s does not come to the end of its list."))
    if reader.cut:
        raise _broken(of, _("%(platform)s does not name the next page any more."))


def every(fetch: Fetch, of: ServerList) -> list[Row]:
    """All rows of a list."""
    return [row for found, _total in pages(fetch, of) for row in found]


@dataclass
class _Reader:
    """One listing under way. `number` is the page that is asked for next; None: no number."""

    fetch: Fetch
    of: ServerList
    number: int | str | None = None
    named: bool = False  # the server names the next page
    asked: int = 0
    rows_read: int = 0
    known: set[str] = field(default_factory=set)
    first: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    ended: bool = False
    cut: bool = False  # it ended in the middle
    doubted: bool = False  # more was asked for only because the page had a round length

    def read(self) -> tuple[list[Row], int | None] | None:
        """The next page; None where it was the first one again, which some servers call 1."""
        send: dict[str, Any] = {"page_size": self.of.size} if self.of.size else {}
        if self.number is not None:
            send["page_id"] = self.number
        answer = self.fetch(send)
        self.asked += 1
        found = rows(answer, self.of.what, PLATFORM, (self.of.envelope,))
        names = [_ident(row, self.of.ident) for row in found]
        again = bool(names) and self.known.issuperset(names)
        following = _following(answer, self.of)
        if self.number == 1 and set(names) == set(self.first) and self.first:
            self._counted_from_one(following)
            return None
        if following is not None:
            self._follow(following, again)
        elif self.named:
            self._named_no_more(found)
        elif again and (self.doubted or not self.of.size):
            self.ended = True  # a list without pages shows itself again
            return None
        elif again:
            raise _broken(self.of, _("%(platform)s shows the same page again."))
        total = _total(answer, self.of)
        self.rows_read += len(found)
        if following is None and not self.named:
            total = self._count_on(len(found), total)
        elif total == len(found) and not (self.ended and self.asked == 1):
            total = None
        self.first = self.first or names
        self.known.update(names)
        return found, total

    def _named_no_more(self, found: list[Row]) -> None:
        """A page that is not full may be the last one without saying so."""
        self.ended = True
        self.cut = self._at_a_limit(len(found))

    def _follow(self, following: str, again: bool) -> None:
        self.named = True
        if following == END:
            self.ended = True
        elif again or following in self.visited:
            raise _broken(self.of, _("%(platform)s shows the same page again."))
        self.visited.add(following)
        self.number = int(following) if following.isascii() and following.isdigit() else following

    def _counted_from_one(self, following: str | None) -> None:
        """Page 1 is the first page, which was asked for without a number: go on behind it."""
        self.number = 2
        if following is not None:
            self._follow(following, again=False)

    def _count_on(self, length: int, total: int | None) -> int | None:
        """Go on by number, unless this page was the last one; answers the total to believe.

        "Count of objects in list" may mean the page as well: a count that is just the page's
        length is believed only where that page is the whole list.
        """
        full = self._full(length, total)
        if total == length and (full or self.number is not None):
            total = None
        more = full if total is None else self.rows_read < total
        self.ended = not length or not more
        self.doubted = total is None and not self._at_a_limit(length)
        self.number = 1 if self.number is None else int(self.number) + 1
        return total

    def _full(self, length: int, total: int | None) -> bool:
        """Whether more may follow. A server may have limits of its own, which are round; a count
        that is just the page's length does not say that there are no more."""
        return self._at_a_limit(length) or (total in (None, length) and is_round(length))

    def _at_a_limit(self, length: int) -> bool:
        """Whether a page has the length that was asked for, or one that servers are known for."""
        usual = length in DEFAULTS or length % 25 == 0
        return length > 0 and (usual or 0 < self.of.size <= length)


def _following(answer: Any, of: ServerList) -> str | None:
    """The next page as the server names it; None where it names none. 0 is none that comes next,
    and ends the list for the vendor's own sample."""
    if not isinstance(answer, dict) or answer.get(NEXT) is None:
        return None
    text = (Row(answer, f"list of {of.what}s", PLATFORM).text(NEXT) or "").strip()
    if text in ("", "0"):
        return None
    if text != END and (text.startswith("-") or len(text) > LONGEST_CURSOR):
        raise _broken(of, _("%(platform)s names a next page that cannot be."))
    return text


def _ident(row: Row, names: tuple[str, ...]) -> str:
    """What tells a row from others; a state that changes at each reading is no part of it."""
    held = [row.value.get(name) for name in names]
    try:
        return json.dumps(held if any(value is not None for value in held) else row.value)
    except RecursionError:
        raise row.broken(names[0]) from None


def _total(answer: Any, of: ServerList) -> int | None:
    if not of.count or not isinstance(answer, dict):
        return None
    return Row(answer, f"list of {of.what}s", PLATFORM).whole(of.count)


def _broken(of: ServerList, sentence: str) -> UnexpectedAnswer:
    said = say(sentence, platform=PLATFORM)
    return UnexpectedAnswer(said, platform=PLATFORM, operation=of.what)

"""Which pages of a platform hold rows, and what a script that knows nothing but them reads there.

The room reads everything once; what it asked for is then asked by the others as it was.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from integrations import registry
from integrations.base.adapter import Adapter, Connection
from integrations.base.records import PARENTS, Kind

Json = dict[str, Any]


class Row(NamedTuple):
    """What is written of one row; a webinar has its title for a name, and no address."""

    external_id: str
    email: str = ""
    first: str = ""
    last: str = ""
    link: str = ""


class Page(NamedTuple):
    """One request for a page with rows: of a webinar's people, or (no `place`) of the account.

    `path` leads to the rows within the answer.
    """

    method: str
    url: str
    headers: dict[str, str]
    body: str
    place: str
    path: tuple[str, ...]

    def rows(self, answer: Any) -> list[Json]:
        """The rows of the answer."""
        for step in self.path:
            answer = answer[step]
        found: list[Json] = answer
        return found


class Reading(NamedTuple):
    """How one platform is read: where a request's rows stand (None: it has none), and a row."""

    where: Callable[[str, str], tuple[str, tuple[str, ...]] | None]
    row: Callable[[Json, dict[str, Row]], Row]


def _clickmeeting(target: str, body: str) -> tuple[str, tuple[str, ...]] | None:
    return (target.split("/")[4], ()) if target.endswith("/registrations/all") else None


def _myownconference(target: str, body: str) -> tuple[str, tuple[str, ...]] | None:
    asked = json.loads(parse_qs(body)["request"][0])
    if asked["action"] != "attendeesList":
        return None
    return asked["params"].get("alias", ""), ("response", "list")


def _trueconf(target: str, body: str) -> tuple[str, tuple[str, ...]] | None:
    path = urlsplit(target).path
    return (path.split("/")[-2], ("invitations",)) if path.endswith("/invitations") else None


def _livewebinar(target: str, body: str) -> tuple[str, tuple[str, ...]] | None:
    return ("", ("data",)) if urlsplit(target).path.endswith("/widgets") else None


def _webinarfuel(target: str, body: str) -> tuple[str, tuple[str, ...]] | None:
    address = urlsplit(target)
    if address.path.endswith("/registrants"):
        return "", ("registrants",)
    if address.path.endswith("/registrant_sessions"):
        return parse_qs(address.query)["webinar_id"][0], ("sessions",)
    return None


def _by_name(row: Json, known: dict[str, Row]) -> Row:
    first, _, last = str(row.get("name") or row.get("display_name")).partition(" ")
    ident = str(row.get("id") or row["email"])
    return Row(ident, str(row.get("email") or ident), first, last, str(row.get("link") or ""))


def _of_registrant(row: Json, known: dict[str, Row]) -> Row:
    """A registration names its person by number alone."""
    if "registrant_id" not in row:
        return Row(str(row["id"]), row["email"], row["first_name"] or "", row["last_name"] or "")
    person = known[str(row["registrant_id"])]
    return person._replace(link=str(row.get("join_url") or row.get("live_url") or ""))


READINGS = {
    "clickmeeting": Reading(
        _clickmeeting,
        lambda row, known: Row(
            str(row["id"]),
            row["email"],
            row["fields"]["First Name"],
            row["fields"]["Last Name"],
        ),
    ),
    "myownconference": Reading(_myownconference, _by_name),
    "trueconf": Reading(_trueconf, _by_name),
    "livewebinar": Reading(
        _livewebinar, lambda row, known: Row(str(row["id"]), first=str(row["name"]))
    ),
    "webinarfuel": Reading(_webinarfuel, _of_registrant),
}


def pages(slug: str, site: str, asked: list[Json]) -> list[Page]:
    """Of what was asked for, what has rows."""
    found = []
    for one in asked:
        where = READINGS[slug].where(one["target"], one["body"])
        if where is not None:
            url = site + one["target"]
            found.append(Page(one["method"], url, one["headers"], one["body"], *where))
    return found


def open_room(account: Json) -> Adapter:
    """The platform's room on the canned server."""
    given = (account["base_url"], account["credentials"], account["options"])
    return registry.room(account["platform"]).open(Connection(*given))


def read_all(adapter: Adapter) -> dict[str, int]:
    """Read every list that a first mirror reads; answers how many records of each kind."""
    ids: dict[Kind, list[str | None]] = {}
    for kind in Kind:
        can = adapter.capabilities.kind(kind)
        if not (can.mirrored and can.list.offered):
            continue
        above = PARENTS.get(kind)
        ids[kind] = [
            record.external_id
            for parent in (ids.get(above, []) if above else [None])
            for page in adapter.list_all(kind, parent)
            for record in page.records
        ]
    return {str(kind): len(found) for kind, found in ids.items()}

"""Every operation of WebinarFuel's document: where staff reach it, and the path that it is at.

The document names no path at all. Those marked "seen" were seen in running clients
[seen: README]; the others are guessed from the names of the document's
topics. An administrator corrects any of them by the account's option `paths`.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

from integrations.base.ids import check_segments
from integrations.base.operations import Operation
from integrations.base.texts import _, quoting, say, together
from integrations.webinarfuel.payloads import PLATFORM

OPERATIONS: tuple[Operation, ...] = (
    Operation("webinars: list", "GET webinars", "list_webinars", "the list of webinars"),
    Operation("webinars: get", "GET webinars/:id", "get_webinar", "a webinar's page, coming dates"),
    Operation("registrants: list", "GET registrants", "list_registrants", "people and groups"),
    Operation(
        "registrants: create or update",
        "POST registrants",
        "create_registrant",
        "registering someone for a webinar",
    ),
    Operation(
        "registrants: get", "GET registrants/:id", "get_registrant", "a person, before a change"
    ),
    Operation(
        "registrants: update",
        "PUT registrants/:id",
        "update_registrant",
        "changing a person's names or phone",
    ),
    Operation(
        "registrants: add tags",
        "POST registrants: add tags",
        "add_tags",
        "adding someone to a group, beginning a new tag",
    ),
    Operation(
        "registrants: remove tags",
        "POST registrants: remove tags",
        "remove_tags",
        "taking someone out of a group",
    ),
    Operation(
        "registrants: create by OneClick",
        "GET oneclick",
        "create_by_oneclick",
        "the action “Register by OneClick” of a webinar",
    ),
    Operation(
        "registrant sessions: list",
        "GET registrant sessions",
        "list_registrant_sessions",
        "registrations, sessions and attendance of a webinar",
    ),
    Operation(
        "registrant sessions: get",
        "GET registrant sessions/:cid",
        "get_registrant_session",
        "one date of a registration, one attendance",
    ),
)

PATHS: Mapping[str, str] = {
    "webinars": "/webinars",  # seen
    "webinar": "/webinars/{id}",  # seen
    "registrants": "/registrants",  # POST seen, GET guessed
    "registrant": "/registrants/{id}",  # guessed
    "add_tags": "/registrants/add_tags",  # seen
    "remove_tags": "/registrants/remove_tags",  # guessed
    "oneclick": "/oneclick",  # guessed
    "registrant_sessions": "/registrant_sessions",  # guessed
    "registrant_session": "/registrant_sessions/{cid}",  # guessed
}
# What a path may hold instead of sending it as a parameter.
MAY_HOLD = {"oneclick": {"oneclick_key"}}
# Corrections stand one after another, on lines of their own or between spaces.
_BETWEEN = re.compile(r"[\s,;]+")
_PATH = re.compile(r"(/[A-Za-z0-9._~{}-]+)+")


def corrected(text: str) -> tuple[dict[str, str], str]:
    """(all paths with the corrections of `name=path` lines, what is wrong with them or "")."""
    table, problems = dict(PATHS), []
    for line in filter(None, _BETWEEN.split(text)):
        name, _sign, path = line.partition("=")
        problem = _problem(name, path)
        if problem:
            problems.append(say("%(line)s: %(problem)s.", line=line[:80], problem=problem))
        else:
            table[name] = path
    return table, together(*problems)


def fill(path: str, **ids: str) -> str:
    """A path with its identifiers in place, each encoded.

    Raises RecordNotFound for one that would change the path: with an empty identifier, a call on
    one thing would become a call on all of them.
    """
    check_segments(PLATFORM, *ids.values())
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return path


def holes(path: str) -> set[str]:
    """The names in curly brackets."""
    return set(re.findall(r"{([^{}]*)}", path))


def _problem(name: str, path: str) -> str:
    if name not in PATHS:
        return say("there is no such path; the names are %(names)s", names=", ".join(PATHS))
    if not _PATH.fullmatch(path) or any(part in (".", "..") for part in path.split("/")):
        return _("a path starts with a slash and holds letters, digits, dots, dashes and slashes")
    needed = holes(PATHS[name])
    if not needed <= holes(path) <= needed | MAY_HOLD.get(name, set()):
        shown = ", ".join(f"{{{hole}}}" for hole in sorted(needed))
        return quoting(
            _("nothing must stand in curly brackets"),
            _("%(said)s must stand in curly brackets"),
            shown,
        )
    bare = re.sub(r"{[^{}]+}", "", path)
    return _("a bracket is left open") if "{" in bare or "}" in bare else ""

"""The one-shot things: coming dates, personal links, registering for a chosen date, new tags."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.base.records import Record
from integrations.base.texts import _, say
from integrations.webinarfuel.adapter.registrations import Registrar, refused
from integrations.webinarfuel.adapter.tags import Tags
from integrations.webinarfuel.adapter.webinars import Webinars
from integrations.webinarfuel.mapping import people as persons
from integrations.webinarfuel.mapping import viewings
from integrations.webinarfuel.mapping.ids import numbers

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tools:
    """What the actions work with."""

    webinars: Webinars
    registrar: Registrar
    tags: Tags


def dates(tools: Tools, webinar_id: str, arguments: Arguments) -> dict[str, Any]:
    """The dates that the webinar lists, at most 50."""
    found, zone = tools.webinars.dates(webinar_id)
    lines = [
        {"id": one.key, "starts": one.starts_at or _("at any time"), "on the platform": one.shown}
        for one in found
    ]
    return {"rows": lines, "facts": {_("Time zone"): zone or _("that of the account")}}


def register_for_date(tools: Tools, webinar_id: str, arguments: Arguments) -> dict[str, Any]:
    """Register `email` (`first_name`, `last_name`) for the date `id`."""
    key = str(arguments.get("id") or "")
    if not key:
        raise refused("id", _("Choose a date."))
    return _told(tools.registrar.register(webinar_id, arguments, key))


def register_by_oneclick(tools: Tools, webinar_id: str, arguments: Arguments) -> dict[str, Any]:
    """Register `email` (`first_name`, `last_name`, `phone`) by the webinar's OneClick key."""
    return _told(tools.registrar.by_oneclick(webinar_id, arguments))


def join_link(tools: Tools, webinar_id: str, arguments: Arguments) -> dict[str, Any]:
    """The personal links of `email`, who must be registered."""
    return _told(tools.registrar.links(webinar_id, arguments))


def viewings_of(tools: Tools, registration: str, arguments: Arguments) -> dict[str, Any]:
    """All dates of one registration with what became of each."""
    found = tools.webinars.of(*numbers(registration))
    return {"rows": [{"id": one.cid, **_line(one)} for one in found]}


def viewing(tools: Tools, registration: str, arguments: Arguments) -> dict[str, Any]:
    """One date of a registration, in full, by its `id`."""
    return {"facts": viewings.details(tools.webinars.viewing(str(arguments.get("id") or "")))}


def new_tag(tools: Tools, account: str, arguments: Arguments) -> dict[str, Any]:
    """Begin the tag `name` by giving it to `email`."""
    tag = str(arguments.get("name") or "").strip()
    record = tools.tags.give(persons.address(arguments), tag)
    return {
        "sentence": say(
            "%(email)s carries the tag %(tag)s now.", email=record.fields["email"], tag=tag
        )
    }


ACTIONS: dict[str, Callable[[Tools, str, Arguments], dict[str, Any]]] = {
    "dates": dates,
    "register_for_date": register_for_date,
    "register_by_oneclick": register_by_oneclick,
    "join_link": join_link,
    "viewings": viewings_of,
    "viewing": viewing,
    "new_tag": new_tag,
}


def _told(record: Record) -> dict[str, Any]:
    """A registration and its links; `join_url` is what the sync asks for."""
    links = {name: str(record.facts.get(name) or "") for name in viewings.LINKS}
    shown = {name.replace("_", " "): link for name, link in links.items() if link}
    sentence = say("%(email)s is registered.", email=record.fields["email"])
    return {"sentence": sentence, "facts": shown, "join_url": links["join_url"]}


def _line(one: viewings.Viewing) -> dict[str, str]:
    said = viewings.details(one)
    return {name: said.get(name, "") for name in ("starts", "canceled", "attended", "join url")}
